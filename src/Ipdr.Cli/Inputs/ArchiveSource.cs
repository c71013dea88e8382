using Ipdr.Oci.Conversion;
using Ipdr.Oci.Faults;

namespace Ipdr.Cli.Inputs;

/// <summary>Archives as they are named on the command line.</summary>
internal static class ArchiveSource
{
    /// <summary>Stands for standard input.</summary>
    public const string StandardInput = "-";

    private static readonly string[] Suffixes = [".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".oci"];

    /// <summary>Opens an archive; the caller disposes of it.</summary>
    /// <exception cref="IpdrException">It cannot be opened.</exception>
    public static ArchiveInput Open(string source) =>
        source == StandardInput ? ArchiveInput.OfStream(new StandardInputStream(), "standard input") : ArchiveInput.OfFile(source);

    /// <summary>The place beside the input that is named after it.</summary>
    /// <exception cref="IpdrException">Something is there already.</exception>
    public static string DefaultOutput(string source, bool dryRun)
    {
        if (source == StandardInput)
            return source;
        string suffix = Suffixes.Where(end => source.EndsWith(end, StringComparison.OrdinalIgnoreCase)).MaxBy(end => end.Length) ?? "";
        string stem = source[..^suffix.Length];
        string output = suffix.Length == 0 || Path.GetFileName(stem).Length == 0 ? source + ".layout" : stem;
        return !dryRun && Path.Exists(output)
            ? throw new IpdrException(new Fault(FaultCode.DestinationExists, "it exists, and without -o nothing is added to", output, $"Say so with -o {output}, or choose another place."))
            : output;
    }
}
