using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Archives;

/// <summary>A runnable image: config and layers.</summary>
internal sealed class ImageNode : ArchiveNode
{
    /// <summary>The manifest as it is in the archive; null when only <c>manifest.json</c> describes the image.</summary>
    public ImageManifest? Manifest { get; init; }

    /// <summary>The manifest's bytes.</summary>
    public ReadOnlyMemory<byte> ManifestBytes { get; init; }

    /// <summary>The config's document; null when it is missing, which is among the faults then.</summary>
    public ArchivedConfig? ConfigDocument { get; init; }

    /// <summary>The config's bytes, never changed; none when it is missing.</summary>
    public ReadOnlyMemory<byte> ConfigBytes => ConfigDocument?.Bytes ?? default;

    /// <summary>The config; null when it is missing or broken, which is among the faults then.</summary>
    public ImageConfig? Config => ConfigDocument?.Content;

    /// <summary>The config's digest; null when the config is missing.</summary>
    public Digest? ImageId => ConfigDocument?.ImageId;

    /// <summary>The layers, bottom first.</summary>
    public required IReadOnlyList<ContentReference> Layers { get; init; }
}
