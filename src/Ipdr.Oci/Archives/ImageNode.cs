using Ipdr.Oci.Images;

namespace Ipdr.Oci.Archives;

/// <summary>A runnable image: config and layers.</summary>
internal sealed class ImageNode : ArchiveNode
{
    /// <summary>The manifest as it is in the archive; null when only <c>manifest.json</c> describes the image.</summary>
    public ImageManifest? Manifest { get; init; }

    /// <summary>The manifest's bytes.</summary>
    public ReadOnlyMemory<byte> ManifestBytes { get; init; }

    /// <summary>The config's bytes, never changed.</summary>
    public ReadOnlyMemory<byte> ConfigBytes { get; init; }

    /// <summary>The config; null when it is missing or broken, which is among the faults then.</summary>
    public ImageConfig? Config { get; init; }

    /// <summary>The layers, bottom first.</summary>
    public required IReadOnlyList<ContentReference> Layers { get; init; }
}
