using System.CommandLine;
using Ipdr.Cli.Inputs;
using Ipdr.Cli.Output;
using Ipdr.Cli.Output.Reports;
using Ipdr.Cli.Progress;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr convert</c>: archives become layouts.</summary>
internal static class ConvertCommand
{
    private static readonly Argument<string[]> Sources = new("SRC")
    {
        Description = "Image archives: files, globs such as 'images/**/*.tar', or - for standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "Where the layout goes: a new or empty folder, or a layout to add to. Default: named after the input, beside it.",
        HelpName = "DIR",
    };

    private static readonly Option<LayoutKind> Layout =
        Choices.Option("--layout", "The form of the output.", ("oci", LayoutKind.Oci), ("registry-v2", LayoutKind.RegistryV2), ("universal", LayoutKind.Universal));

    private static readonly ConversionChoices Form = ConversionChoices.Always();

    private static readonly Option<Platform[]> Platforms = Choices.Parsed<Platform>("--platform", "Only images for this platform; may be repeated.", "OS/ARCH[/VARIANT]");

    private static readonly Option<ImageReference[]> Tags = Choices.Parsed<ImageReference>("--tag", "A name for the image instead of its own; may be repeated.", "NAME");

    private static readonly Option<NameFormat?> Format = Choices.OptionalOption(
        "--format",
        "SRC are names, not archives: CIDs, paths, addresses or legacy image names. Print each in another spelling; convert nothing else.",
        ("docker", NameFormat.Docker), ("ipfs", NameFormat.Ipfs), ("cidv0", NameFormat.CidV0), ("cidv1", NameFormat.CidV1));

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Compute and print every digest; write nothing." };

    private static readonly Option<bool> NoCid = new("--no-cid") { Description = "Do without the CID of the output." };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document." };

    private static readonly Option<bool> Silent = new("--silent", "-s") { Description = "Print nothing but the manifest digests." };

    public static Command Create()
    {
        Command command = new("convert", "Turn image archives (docker save, OCI archives, …) into an OCI layout, a registry-v2 directory, or both.")
        {
            Sources, Output, Layout,
        };
        Form.AddTo(command);
        foreach (Option option in (Option[])[Platforms, Tags, ProfileOptions.Profile, NoCid, CarOutput.Car, CarOutput.Version, Format, DryRun, Json, Silent])
            command.Options.Add(option);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Format) is { } format)
        {
            CheckNamesOnly(parsed);
            return PrintNames(parsed.GetValue(Sources)!, format);
        }
        ConversionOptions options = ReadOptions(parsed);
        CarOutput car = CarOutput.Read(parsed);
        IReadOnlyList<string> sources = InputGlob.Expand(parsed.GetValue(Sources)!, Directory.GetCurrentDirectory());
        string? output = parsed.GetValue(Output);
        Check(options, sources, output, car);
        LogLevel logLevel = parsed.GetValue(Silent) ? LogLevel.Error : parsed.GetValue(GlobalOptions.LogLevel);
        List<ConversionResult> results = await ConvertAllAsync(sources, output, options, logLevel, cancellationToken).ConfigureAwait(false);
        if (results.Count == sources.Count && results[^1].Dag is { } dag)
            await car.WriteAsync(dag, cancellationToken).ConfigureAwait(false);
        IConversionReport report = parsed.GetValue(Json) ? new JsonReport(car.Report)
            : parsed.GetValue(Silent) ? new DigestReport(car.Report) : new TextReport(car.Report);
        if (results.Count > 0)
            report.Write(results, oneOutput: output is not null || sources.Count == 1);
        return results.Count == sources.Count ? ExitCode.Done : ExitCode.Failed;
    }

    private static void CheckNamesOnly(ParseResult parsed)
    {
        IEnumerable<Option> others = parsed.CommandResult.Command.Options.Where(option => option != Format && option != Silent);
        if (others.Select(parsed.GetResult).FirstOrDefault(result => result is { Implicit: false }) is { } other)
            throw new UsageException($"--format prints names in another spelling: {other.IdentifierToken!.Value} has nothing to act on");
    }

    private static void Check(ConversionOptions options, IReadOnlyList<string> sources, string? output, CarOutput car)
    {
        if (output == ArchiveSource.StandardInput)
            throw new UsageException("-o names a folder, and a layout cannot go to standard output: ipdr copy SRC oci-archive:- writes it there as an archive");
        if (output is null && sources.Contains(ArchiveSource.StandardInput) && !options.DryRun)
            throw new UsageException("standard input has no name to call the output after: say where it goes with -o DIR");
        if (car.IsWanted && options.DryRun)
            throw new UsageException("--car writes what was converted, and --dry-run writes nothing");
        if (car.IsWanted && options.Profile is null)
            throw new UsageException("--car needs the CID that --no-cid does without");
        if (output is not null && car.IsInside(output))
            throw new UsageException("--car writes into the layout, whose CID then is another one: choose a place beside it");
        if (car.IsWanted && output is null && sources.Count > 1)
            throw new UsageException("a CAR has one root: bring the archives together with -o DIR");
    }

    private static async Task<List<ConversionResult>> ConvertAllAsync(
        IReadOnlyList<string> sources, string? output, ConversionOptions options, LogLevel logLevel, CancellationToken cancellationToken)
    {
        // The CID of what several archives go to is there when the last has been added.
        bool manyToOne = output is not null && sources.Count > 1;
        ConversionOptions each = manyToOne ? options with { Profile = null } : options;
        List<ConversionResult> results = [];
        ErrorReport errors = new(Console.Error, logLevel);
        foreach (string source in sources)
        {
            try
            {
                results.Add(await ConvertAsync(source, output ?? ArchiveSource.DefaultOutput(source, options.DryRun), each, logLevel, cancellationToken).ConfigureAwait(false));
                errors.Warn(results[^1].Warnings);
            }
            catch (IpdrException e) when (sources.Count > 1)
            {
                errors.Failed(e);
            }
        }
        if (manyToOne && results.Count > 0 && options is { DryRun: false, Profile: { } profile })
            results[^1] = results[^1] with { Dag = await LayoutDag.ReadAsync(output!, profile, cancellationToken).ConfigureAwait(false) };
        return results;
    }

    private static int PrintNames(IEnumerable<string> names, NameFormat format)
    {
        // All are read before the first is printed: a wrong one is noticed, not lost among the others.
        foreach (string name in names.Select(name => NameConversion.Convert(name, format)).ToArray())
            Console.Out.WriteLine(name);
        return ExitCode.Done;
    }

    private static async Task<ConversionResult> ConvertAsync(string source, string output, ConversionOptions options, LogLevel logLevel, CancellationToken cancellationToken)
    {
        ArchiveInput input = ArchiveSource.Open(source);
        await using (input.ConfigureAwait(false))
        {
            ProgressDisplay display = ProgressDisplay.Create(logLevel);
            await using (display.ConfigureAwait(false))
                return await Converter.ConvertAsync(input, output, options, display.Observer, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ConversionOptions ReadOptions(ParseResult parsed)
    {
        ConversionOptions options = Form.Read(parsed) with
        {
            Layout = parsed.GetValue(Layout),
            Platforms = parsed.GetValue(Platforms) ?? [],
            Tags = parsed.GetValue(Tags) ?? [],
            Profile = parsed.GetValue(NoCid) ? null : parsed.GetValue(ProfileOptions.Profile) ?? UnixFsProfile.V1,
            DryRun = parsed.GetValue(DryRun),
        };
        if (options.Profile is null && parsed.GetValue(ProfileOptions.Profile) is not null)
            throw new UsageException("--profile says how the CID is made, and --no-cid that there is none");
        if (options.Tags.Any(tag => tag.Digest is not null))
            throw new UsageException("--tag takes a name without a digest: the digest follows from the image");
        return options;
    }
}
