using Ipdr.Oci.Images;

namespace Ipdr.Oci.Archives;

/// <summary>A manifest that is no runnable image: an attestation, a signature, any other artifact. Its blobs are kept as they are.</summary>
internal sealed class ArtifactNode : ArchiveNode
{
    public required ImageManifest Manifest { get; init; }

    public required ReadOnlyMemory<byte> ManifestBytes { get; init; }

    /// <summary>Config and layers.</summary>
    public required IReadOnlyList<ContentReference> Blobs { get; init; }
}
