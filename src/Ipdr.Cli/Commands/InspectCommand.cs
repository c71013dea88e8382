using System.CommandLine;
using Ipdr.Cli.Inspect;
using Ipdr.Cli.Output;
using Ipdr.Cli.Places;
using Ipdr.Cli.Progress;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr inspect</c>: what is in a place.</summary>
internal static class InspectCommand
{
    private static readonly Argument<ImagePlace> Place = PlaceArgument.Create("PLACE", "Where the images are: " + PlaceArgument.Spellings);

    private static readonly Option<bool> Raw = new("--raw") { Description = "Print the manifest or index itself, to the byte." };

    private static readonly Option<bool> Referrers = new("--referrers") { Description = "Show signatures, SBOMs and attestations too: what refers to the images as its subject, or by a tag of cosign's." };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document." };

    private static readonly Option<bool> Silent = new("--silent", "-s") { Description = "Print nothing but the digests." };

    public static Command Create()
    {
        Command command = new("inspect", "Show what is in a place: indexes, manifests, platforms, layers, sizes. Layers of registries and of IPFS are not fetched.") { Place, Raw, Referrers, PlaceArgument.Insecure, Json, Silent };
        BlockOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Raw) && (parsed.GetValue(Json) || parsed.GetValue(Silent) || parsed.GetValue(Referrers)))
            throw new UsageException("--raw prints the document as it is, and nothing else");
        ImagePlace place = parsed.GetRequiredValue(Place);
        IReadOnlyList<InspectedImage> images = await InspectAsync(parsed, place, cancellationToken).ConfigureAwait(false);
        if (parsed.GetValue(Raw))
            await WriteRawAsync(images, place, cancellationToken).ConfigureAwait(false);
        else if (parsed.GetValue(Json))
            new InspectionJsonReport(Console.Out).Write(images);
        else if (parsed.GetValue(Silent))
            WriteDigests(images);
        else if (Console.IsOutputRedirected)
            new InspectionTextReport(Console.Out).Write(images);
        else
            new InspectionTreeReport(Terminal.OfOutput()).Write(images);
        return ExitCode.Done;
    }

    private static async Task<IReadOnlyList<InspectedImage>> InspectAsync(ParseResult parsed, ImagePlace place, CancellationToken cancellationToken)
    {
        LogLevel logLevel = parsed.GetValue(GlobalOptions.LogLevel);
        ProgressDisplay display = ProgressDisplay.Create(logLevel, perFile: false);
        await using (display.ConfigureAwait(false))
        {
            PlaceOptions places = PlaceArgument.Options(display.Observer, parsed.GetValue(PlaceArgument.Insecure), BlockOptions.Read(parsed, logLevel));
            IImageSource source = await Oci.Transfer.Places.OpenSourceAsync(place, places, cancellationToken).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
                return await ImageInspector.InspectAsync(source, parsed.GetValue(Referrers), cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task WriteRawAsync(IReadOnlyList<InspectedImage> images, ImagePlace place, CancellationToken cancellationToken)
    {
        if (images is not [var only])
            throw new UsageException($"--raw prints one document, and {place} has {images.Count}: say which with :REF behind it");
        StandardOutputStream output = new(readerMayLeave: true);
        await using (output.ConfigureAwait(false))
            await output.WriteAsync(only.Content, cancellationToken).ConfigureAwait(false);
    }

    private static void WriteDigests(IReadOnlyList<InspectedImage> images)
    {
        foreach (InspectedImage image in images)
            Console.Out.WriteLine(image.Manifest.Descriptor.Digest);
    }
}
