using System.Text.Json;
using Ipdr.Cli.Output.Documents;
using Ipdr.Oci.Images;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Inspect;

/// <summary>For programs: one document.</summary>
internal sealed class InspectionJsonReport(TextWriter output)
{
    public void Write(InspectionResult result) => output.WriteLine(JsonSerializer.Serialize(
        new InspectionDocument([.. result.Images.Select(image => new InspectedImageDocument(image.Names, image.Cid?.ToString(), Document(image.Manifest)))], [.. result.Warnings.Select(FaultDocument.Of)]),
        InspectionJson.Readable.InspectionDocument));

    private static InspectedManifestDocument Document(InspectedManifest manifest) => new(
        manifest.Kind.ToString().ToLowerInvariant(),
        manifest.Descriptor.MediaType.ToString(),
        manifest.Descriptor.Digest.ToString(),
        manifest.Descriptor.Size,
        manifest.Size,
        manifest.Platform?.ToString(),
        manifest.ImageId?.ToString(),
        manifest.Config is { } config ? Blob(config) : null,
        [.. manifest.Layers.Select(layer => new LayerDocument(layer.Descriptor.MediaType.ToString(), layer.Descriptor.Digest.ToString(), layer.Descriptor.Size, layer.DiffId?.ToString(), null))],
        [.. manifest.Manifests.Select(Document)],
        [.. manifest.Referrers.Select(referrer => new InspectedReferrerDocument(referrer.ArtifactType, referrer.Tag?.ToString(), Document(referrer.Manifest)))]);

    private static BlobDocument Blob(Descriptor descriptor) => new(descriptor.MediaType.ToString(), descriptor.Digest.ToString(), descriptor.Size);
}
