using System.Text.Json;

namespace Ipdr.Interop.Tests.Layouts;

/// <summary>Finds out what is unusual about a layout.</summary>
internal static class LayoutTraitsReading
{
    public static LayoutTraits Traits(this OciLayoutFolder layout) => layout.Roots.Aggregate(
        LayoutTraits.None, (traits, root) => traits | root.Traits());

    public static LayoutTraits Traits(this LayoutNode root)
    {
        LayoutTraits traits = root.Documents.Aggregate(LayoutTraits.None, (found, document) => found | OfDocument(document));
        if (root.Children.Any(child => child.Children.Count > 0))
            traits |= LayoutTraits.NestedIndex;
        return root.Blobs.Aggregate(traits, (found, blob) => found | OfBlob(blob));
    }

    private static LayoutTraits OfDocument(LayoutNode document)
    {
        bool isAttestation = document.Layers.Any(layer => layer.MediaType.Contains("in-toto", StringComparison.Ordinal));
        return When(document.IsManifest && !document.IsImage && !isAttestation, LayoutTraits.Artifact)
            | When(isAttestation, LayoutTraits.Attestation)
            | When(document.IsManifest && document.Layers.Count == 0, LayoutTraits.NoLayers)
            | When(document.Present && !document.IsManifest && document.Children.Count == 0, LayoutTraits.UnknownDocument)
            | When(HasEmptyPlatform(document.Descriptor), LayoutTraits.EmptyPlatform);
    }

    private static LayoutTraits OfBlob(LayoutNode blob) =>
        When(blob.MediaType.EndsWith("zstd", StringComparison.Ordinal), LayoutTraits.Zstd)
        | When(blob.Digest.StartsWith("sha512:", StringComparison.Ordinal), LayoutTraits.Sha512)
        | When(blob.Digest.StartsWith("blake3:", StringComparison.Ordinal), LayoutTraits.Blake3)
        | When(blob.MediaType.StartsWith("application/vnd.docker.", StringComparison.Ordinal), LayoutTraits.DockerTypes)
        | When(blob.MediaType.Contains("foreign", StringComparison.Ordinal), LayoutTraits.ForeignLayers)
        | When(blob.MediaType.Contains("nondistributable", StringComparison.Ordinal), LayoutTraits.ForeignLayers)
        | When(!blob.Present, LayoutTraits.AbsentBlobs);

    private static bool HasEmptyPlatform(JsonElement descriptor) =>
        descriptor.TryGetProperty("platform", out JsonElement platform)
        && platform.ValueKind == JsonValueKind.Object && !platform.TryGetProperty("os", out _);

    private static LayoutTraits When(bool condition, LayoutTraits trait) => condition ? trait : LayoutTraits.None;
}
