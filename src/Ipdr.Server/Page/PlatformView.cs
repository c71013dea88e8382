using Ipdr.Oci.Digests;

namespace Ipdr.Server.Page;

/// <summary>One image of a tag, for one platform.</summary>
/// <param name="Name">The platform; empty where it is not known.</param>
/// <param name="Manifest">The manifest's digest.</param>
/// <param name="ImageId">The config's digest.</param>
/// <param name="Layers">Its layers, the lowest first.</param>
/// <param name="IsComplete">Are manifest, config and all layers here?</param>
internal sealed record PlatformView(string Name, Digest Manifest, Digest? ImageId, IReadOnlyList<LayerView> Layers, bool IsComplete)
{
    /// <summary>Bytes of all layers.</summary>
    public long Size => Layers.Sum(layer => layer.Size);
}
