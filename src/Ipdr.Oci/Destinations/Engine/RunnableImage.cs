using Ipdr.Oci.Digests;
using Ipdr.Oci.Engines;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Destinations.Engine;

/// <summary>An image that an engine may take, and how to tell that it has.</summary>
/// <param name="Manifest">Its manifest.</param>
/// <param name="ImageId">The digest of its config.</param>
/// <param name="DiffIds">Its layers, bottom first.</param>
/// <param name="Platform">What it runs on.</param>
internal sealed record RunnableImage(RegistryManifest Manifest, Digest ImageId, IReadOnlyList<Digest> DiffIds, Platform Platform)
{
    /// <summary>Are the engine's layers those of this image?</summary>
    public bool HasLayersOf(EngineImage image) => DiffIds.Select(id => id.ToString()).SequenceEqual(image.RootFs?.Layers ?? []);

    /// <summary>Does the engine call it by its config, its manifest, or the index that it came in?</summary>
    public bool IsCalled(EngineImage image, Digest root) => image.ImageId is { } id && (id == ImageId || id == Manifest.Digest || id == root);
}
