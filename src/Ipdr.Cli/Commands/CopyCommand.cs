using System.CommandLine;
using Ipdr.Cli.Output;
using Ipdr.Cli.Output.Reports;
using Ipdr.Cli.Places;
using Ipdr.Cli.Progress;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Images;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr copy</c>: images from one place to another.</summary>
internal static class CopyCommand
{
    private static readonly Argument<ImagePlace[]> Sources = PlaceArgument.CreateSeveral(
        "SRC", $"Where the images are: {PlaceArgument.Spellings} 'docker://HOST/REPO:1.*' means all such tags, 'docker://HOST/*' all that the registry lists.");

    private static readonly Argument<ImagePlace> Destination = PlaceArgument.Create(
        "DST", "Where they go, written in the same way. To 'docker://HOST/REPO:*' images go under their own tags, to 'docker://HOST/*' under their own repositories and tags.");

    private static readonly Option<Platform[]> Platforms = Choices.Parsed<Platform>(
        "--platform", "Only images for this platform; may be repeated. Default: that of this machine, where there are several.", "OS/ARCH[/VARIANT]");

    private static readonly Option<bool> AllPlatforms = new("--all-platforms", "--all", "-a") { Description = "All platforms: indexes are copied as they are." };

    private static readonly Option<bool> Referrers = new("--referrers") { Description = "Signatures, SBOMs and attestations too: what refers to the images as its subject, or by a tag of cosign's." };

    private static readonly Option<bool> KeepGoing = new("--keep-going")
    {
        Description = "When one image of many fails, go on with the others, name it, and end with exit code 1. Each appears by itself then: in a registry (HOST/REPO:*, HOST/*), a layout, the store or an engine.",
    };

    private static readonly ConversionChoices Form = ConversionChoices.OnRequest();

    private static readonly Option<int?> Parallel = Choices.Number("--parallel", $"Blobs that are copied at once. Default: {CopyOptions.DefaultParallelism}.", 1, 1024);

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document." };

    private static readonly Option<bool> Silent = new("--silent", "-s") { Description = "Print nothing but the digests." };

    public static Command Create()
    {
        Command command = new("copy", "Copy images between archives, layouts, container engines, registries, the store and IPFS, in another form where one is asked for. Digests stay, or it is said that they do not.")
        {
            Sources, Destination, Platforms, AllPlatforms, Referrers, KeepGoing,
        };
        Form.AddTo(command);
        foreach (Option option in (Option[])[Parallel, RegistryArguments.Insecure, RegistryArguments.AuthFile, Json, Silent])
            command.Options.Add(option);
        BlockOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        CopyOptions options = new()
        {
            Platforms = parsed.GetValue(Platforms) ?? [],
            AllPlatforms = parsed.GetValue(AllPlatforms),
            Referrers = parsed.GetValue(Referrers),
            Conversion = Form.ReadChange(parsed),
            KeepGoing = parsed.GetValue(KeepGoing),
            Parallelism = parsed.GetValue(Parallel) ?? CopyOptions.DefaultParallelism,
        };
        if (options is { AllPlatforms: true, Platforms.Count: > 0 })
            throw new UsageException("--platform and --all-platforms contradict each other");
        if (options is { Referrers: true, Conversion: not null })
            throw new UsageException("--referrers copies what names the digest of an image, and in another form the image has another digest: copy it as it is, or without them");
        ImagePlace[] from = parsed.GetRequiredValue(Sources);
        ImagePlace to = parsed.GetRequiredValue(Destination);
        if (options.KeepGoing && !PlaceCopier.CanKeepGoing(to))
            throw new UsageException($"--keep-going has nothing to act on: {to}: {PlaceCopier.NoKeepGoing}");
        if (from.Count(place => place.IsStandardStream) > 1)
            throw new UsageException("standard input can be read once, and is named twice");
        LogLevel logLevel = parsed.GetValue(Silent) ? LogLevel.Warning : parsed.GetValue(GlobalOptions.LogLevel);
        CopyResult result = await CopyAsync(from, to, options, parsed, logLevel, cancellationToken).ConfigureAwait(false);
        ErrorReport errors = new(Console.Error, logLevel);
        errors.Warn(result.Warnings);
        errors.NotCopied(result.Failures, result.Images.Count);
        // An archive on standard output is the result.
        CopyReport report = new(to.IsStandardStream ? Console.Error : Console.Out);
        if (parsed.GetValue(Json))
            report.WriteJson(result);
        else if (parsed.GetValue(Silent))
            report.WriteDigests(result);
        else
            report.WriteText(result);
        return result.Failures.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<CopyResult> CopyAsync(IReadOnlyList<ImagePlace> from, ImagePlace to, CopyOptions options, ParseResult parsed, LogLevel logLevel, CancellationToken cancellationToken)
    {
        ProgressDisplay display = ProgressDisplay.Create(logLevel);
        await using (display.ConfigureAwait(false))
        {
            PlaceOptions places = PlaceArgument.Options(display.Observer, RegistryArguments.Read(parsed), BlockOptions.Read(parsed, logLevel));
            if (options.Conversion is { } conversion)
                places = places with { Conversion = conversion };
            return await PlaceCopier.CopyAsync(from, to, places, options, cancellationToken).ConfigureAwait(false);
        }
    }
}
