using System.CommandLine;
using Ipdr.Cli.Inspect;
using Ipdr.Cli.Output;
using Ipdr.Cli.Places;
using Ipdr.Cli.Progress;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr inspect</c>: what is in a place.</summary>
internal static class InspectCommand
{
    private static readonly Argument<ImagePlace> Place = PlaceArgument.Create("PLACE", "Where the images are: " + PlaceArgument.Spellings + " 'docker://HOST/REPO:1.*' means all such tags, 'docker://HOST/*' all that the registry lists.");

    private static readonly Option<bool> Raw = new("--raw") { Description = "Print the manifest or index itself, to the byte." };

    private static readonly Option<bool> Referrers = new("--referrers") { Description = "Show signatures, SBOMs and attestations too: what refers to the images as its subject, or by a tag of cosign's." };

    private static readonly Option<bool> Config = new("--config") { Description = "Print the config of the image itself, to the byte." };

    private static readonly Option<Platform?> ForPlatform = new("--platform")
    {
        Description = "Of an index, the image for this platform is meant by --raw and --config. Default: the index itself for --raw, the image for this machine for --config.",
        HelpName = "OS/ARCH[/VARIANT]",
        CustomParser = result => Choices.Parse<Platform>(result, result.Tokens[^1].Value),
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document." };

    private static readonly Option<bool> Silent = new("--silent", "-s") { Description = "Print nothing but the digests." };

    public static Command Create()
    {
        Command command = new("inspect", "Show what is in a place: indexes, manifests, platforms, layers, sizes. Layers of registries and of IPFS are not fetched.")
        {
            Place, Raw, Config, ForPlatform, Referrers, RegistryArguments.Insecure, RegistryArguments.AuthFile, Json, Silent,
        };
        BlockOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool raw = parsed.GetValue(Raw), config = parsed.GetValue(Config);
        Check(parsed, raw, config);
        if (raw || config)
        {
            ReadOnlyMemory<byte> document = await UseAsync(parsed, sources => ReadAsync(parsed, sources[0], cancellationToken), cancellationToken).ConfigureAwait(false);
            await WriteAsync(document, cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        }
        InspectionResult result = await UseAsync(parsed, sources => ImageInspector.InspectAsync(sources, parsed.GetValue(Referrers), cancellationToken), cancellationToken).ConfigureAwait(false);
        new ErrorReport(Console.Error, parsed.GetValue(GlobalOptions.LogLevel)).Warn(result.Warnings);
        if (parsed.GetValue(Json))
            new InspectionJsonReport(Console.Out).Write(result);
        else if (parsed.GetValue(Silent))
            WriteDigests(result.Images);
        else if (Console.IsOutputRedirected)
            new InspectionTextReport(Console.Out).Write(result.Images);
        else
            new InspectionTreeReport(Terminal.OfOutput()).Write(result.Images);
        return ExitCode.Done;
    }

    private static void Check(ParseResult parsed, bool raw, bool config)
    {
        if (raw && config)
            throw new UsageException("--raw prints the manifest, and --config the config: one at a time");
        if ((raw || config) && (parsed.GetValue(Json) || parsed.GetValue(Silent) || parsed.GetValue(Referrers)))
            throw new UsageException($"{(raw ? "--raw" : "--config")} prints the document as it is, and nothing else");
        if ((raw || config) && parsed.GetRequiredValue(Place).IsRepositoryPattern)
            throw new UsageException($"{(raw ? "--raw" : "--config")} prints the document of one image, and {parsed.GetRequiredValue(Place)} is many");
        if (!raw && !config && parsed.GetValue(ForPlatform) is not null)
            throw new UsageException("--platform has nothing to act on: all platforms are shown, unless --raw or --config asks for one document");
    }

    private static async Task<T> UseAsync<T>(ParseResult parsed, Func<IReadOnlyList<IImageSource>, Task<T>> look, CancellationToken cancellationToken)
    {
        LogLevel logLevel = parsed.GetValue(GlobalOptions.LogLevel);
        ProgressDisplay display = ProgressDisplay.Create(logLevel, perFile: false);
        await using (display.ConfigureAwait(false))
        {
            PlaceOptions places = PlaceArgument.Options(display.Observer, RegistryArguments.Read(parsed), BlockOptions.Read(parsed, logLevel));
            IReadOnlyList<IImageSource> sources = await Oci.Transfer.Places.OpenSourcesAsync(parsed.GetRequiredValue(Place), places, cancellationToken).ConfigureAwait(false);
            try
            {
                return await look(sources).ConfigureAwait(false);
            }
            finally
            {
                foreach (IImageSource source in sources)
                    await source.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(ParseResult parsed, IImageSource source, CancellationToken cancellationToken)
    {
        SourceImage only = await ImageDocuments.FindAsync(source, cancellationToken).ConfigureAwait(false);
        Platform? platform = parsed.GetValue(ForPlatform);
        return parsed.GetValue(Config)
            ? await ImageDocuments.ReadConfigAsync(source, only.Descriptor, platform, cancellationToken).ConfigureAwait(false)
            : await ImageDocuments.ReadManifestAsync(source, only.Descriptor, platform, cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteAsync(ReadOnlyMemory<byte> document, CancellationToken cancellationToken)
    {
        StandardOutputStream output = new(readerMayLeave: true);
        await using (output.ConfigureAwait(false))
            await output.WriteAsync(document, cancellationToken).ConfigureAwait(false);
    }

    private static void WriteDigests(IReadOnlyList<InspectedImage> images)
    {
        foreach (InspectedImage image in images)
            Console.Out.WriteLine(image.Manifest.Descriptor.Digest);
    }
}
