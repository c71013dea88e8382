using Ipdr.Oci.Conversion;
using Ipdr.Oci.Images;

namespace Ipdr.Cli.Output.Reports;

/// <summary>For people: each image with its digests. A dry run has nothing else to show, so it shows the layers too.</summary>
internal sealed class TextReport(TextWriter output) : IConversionReport
{
    private const string Untagged = "<none>";

    public void Write(IReadOnlyList<ConversionResult> results, bool oneOutput)
    {
        foreach (ConversionResult result in results)
        {
            foreach (ConvertedImage image in result.Images)
                Write(image, withLayers: result.Output is null);
            foreach (Descriptor artifact in result.Artifacts)
                output.WriteLine(Printable.Of($"artifact {artifact.Digest}  {artifact.ArtifactType ?? artifact.MediaType.ToString()}"));
            if (result.Dag is { } dag)
                output.WriteLine($"CID {dag.Root}  {dag.Profile.Name}");
            if (result.Output is not null)
                output.WriteLine(Printable.Of($"written to {result.Output}"));
        }
    }

    private void Write(ConvertedImage image, bool withLayers)
    {
        output.WriteLine(Printable.Of(image.Names.Count == 0 ? Untagged : string.Join(", ", image.Names)));
        Write("platform", image.Platform.ToString());
        Write("image ID", image.ImageId.ToString());
        Write("manifest", image.Manifest.Digest.ToString());
        if (!withLayers)
            return;
        Write("config", image.Config.Digest.ToString());
        foreach (ConvertedLayer layer in image.Layers)
            Write("layer", $"{layer.Descriptor.Digest}  {layer.Descriptor.Size} bytes  {layer.Descriptor.MediaType}");
    }

    private void Write(string what, string value) => output.WriteLine(Printable.Of($"  {what,-9} {value}"));
}
