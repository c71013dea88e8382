using System.Text.Json;
using Ipdr.Cli.Output.Documents;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;

namespace Ipdr.Cli.Output.Reports;

/// <summary>For programs: one document, or one that lists a document for each archive when they went to different places.</summary>
internal sealed class JsonReport(TextWriter output) : IConversionReport
{
    public void Write(IReadOnlyList<ConversionResult> results, bool oneOutput)
    {
        string text = oneOutput
            ? JsonSerializer.Serialize(Document(results), ReportJson.Readable.ConversionDocument)
            : JsonSerializer.Serialize(new ConversionDocuments([.. results.Select(result => Document([result]))]), ReportJson.Readable.ConversionDocuments);
        output.WriteLine(text);
    }

    private static ConversionDocument Document(IReadOnlyList<ConversionResult> results) => new(
        [.. results.SelectMany(result => result.Images).Select(Image)],
        [.. results.SelectMany(result => result.Artifacts).Select(Blob)],
        results[0].Layout switch
        {
            LayoutKind.RegistryV2 => "registry-v2",
            LayoutKind.Universal => "universal",
            _ => "oci",
        },
        results[0].Output,
        results[^1].Dag?.Root.ToString(),
        results[^1].Dag is { } dag ? ProfileDocument.Of(dag.Profile) : null,
        [.. results.SelectMany(result => result.Warnings).Select(FaultDocument.Of)]);

    private static ImageDocument Image(ConvertedImage image) => new(
        image.Names,
        image.ImageId.ToString(),
        image.Platform.ToString(),
        Blob(image.Manifest),
        Blob(image.Config),
        [.. image.Layers.Select(Layer)]);

    private static LayerDocument Layer(ConvertedLayer layer) => new(
        layer.Descriptor.MediaType.ToString(),
        layer.Descriptor.Digest.ToString(),
        layer.Descriptor.Size,
        layer.DiffId?.ToString(),
        layer.CompressedWith is { } settings ? new RecipeDocument(settings.Recipe.Name, settings.Level, settings.Recipe.BlockSize) : null);

    private static BlobDocument Blob(Descriptor descriptor) => new(descriptor.MediaType.ToString(), descriptor.Digest.ToString(), descriptor.Size);
}
