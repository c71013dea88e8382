using System.CommandLine;
using Ipdr.Cli.Commands;
using Ipdr.Cli.Inputs;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Car;
using Ipdr.Oci.Faults;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Cli.Output;

/// <summary>Where the CAR of a result goes: a file, or standard output, which then has nothing else on it.</summary>
internal sealed class CarOutput
{
    /// <summary>Asks for a CAR.</summary>
    public static readonly Option<string?> Car = new("--car")
    {
        Description = "Write a CAR of the result too: to a file, or with - to standard output; what is printed goes to stderr then.",
        HelpName = "FILE",
    };

    /// <summary>The form of the CAR.</summary>
    public static readonly Option<CarVersion> Version = Choices.Option("--car-version", "The form of the CAR; 2 has an index.", ("1", CarVersion.V1), ("2", CarVersion.V2));

    private readonly string? _target;
    private readonly CarVersion _version;

    private CarOutput(string? target, CarVersion version) => (_target, _version) = (target, version);

    /// <summary>Is a CAR wanted?</summary>
    public bool IsWanted => _target is not null;

    /// <summary>Would its file be in this folder, or be it?</summary>
    public bool IsInside(string folder)
    {
        if (_target is null or ArchiveSource.StandardInput)
            return false;
        string relative = Path.GetRelativePath(folder, _target);
        return relative == "." || !(Path.IsPathRooted(relative) || relative == ".." || relative.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
    }

    /// <summary>Where the result is printed.</summary>
    public TextWriter Report => _target == ArchiveSource.StandardInput ? Console.Error : Console.Out;

    /// <exception cref="UsageException">The form of a CAR was chosen and none was asked for.</exception>
    public static CarOutput Read(ParseResult parsed)
    {
        string? target = parsed.GetValue(Car);
        if (target is null && parsed.GetResult(Version) is { Implicit: false })
            throw new UsageException("--car-version has nothing to act on: say where the CAR goes with --car FILE");
        return new CarOutput(target, parsed.GetValue(Version));
    }

    /// <summary>Writes the CAR, if one is wanted.</summary>
    /// <exception cref="IpdrException">Content has changed, or the CAR cannot be written.</exception>
    public async Task WriteAsync(Dag dag, CancellationToken cancellationToken)
    {
        if (_target is null)
            return;
        if (_target != ArchiveSource.StandardInput)
        {
            await CarWriter.WriteAsync(dag, _target, _version, cancellationToken).ConfigureAwait(false);
            return;
        }
        StandardOutputStream output = new(readerMayLeave: false);
        await using (output.ConfigureAwait(false))
            await CarWriter.WriteAsync(dag, output, _version, cancellationToken).ConfigureAwait(false);
    }
}
