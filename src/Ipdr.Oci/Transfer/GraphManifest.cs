using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Transfer;

/// <summary>A manifest or index that is copied.</summary>
/// <param name="Descriptor">Names it.</param>
/// <param name="Content">The document, to the byte.</param>
/// <param name="Summary">What it refers to.</param>
internal sealed record GraphManifest(Descriptor Descriptor, ReadOnlyMemory<byte> Content, ManifestSummary Summary)
{
    /// <summary>The image ID, if this is the manifest of something that runs.</summary>
    public Digest? ImageId => Summary.Config is { MediaType.IsImageConfig: true } config && Summary.Layers.All(layer => layer.MediaType.IsLayer) ? config.Digest : null;
}
