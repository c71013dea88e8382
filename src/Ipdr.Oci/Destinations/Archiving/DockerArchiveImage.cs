using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Destinations.Archiving;

/// <summary>An image as a Docker archive has it.</summary>
/// <param name="ImageId">The digest of the config.</param>
/// <param name="Config">The config, to the byte.</param>
/// <param name="Tags">Its names; may be empty.</param>
/// <param name="Layers">Its layers, bottom first.</param>
internal sealed record DockerArchiveImage(Digest ImageId, ReadOnlyMemory<byte> Config, IReadOnlyList<string> Tags, IReadOnlyList<DockerArchiveLayer> Layers)
{
    /// <summary>Makes one of a manifest whose blobs are in the depot; every layer is decompressed and held against its DiffId.</summary>
    /// <param name="image">The image and its name.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="blobs">Where its blobs are.</param>
    /// <param name="known">Layers that were measured before; added to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">It is no runnable image, or a layer is not what the config promises.</exception>
    public static async Task<DockerArchiveImage> ComposeAsync(
        SourceImage image, ReadOnlyMemory<byte> manifest, BlobDepot blobs, Dictionary<Digest, DockerArchiveLayer> known, CancellationToken cancellationToken)
    {
        ImageManifest document = Document.ReadManifest(manifest, image.Title);
        IReadOnlyList<Descriptor> stored = document.Layers ?? [];
        if (!document.Config.MediaType.IsImageConfig || stored.Any(layer => !layer.MediaType.IsLayer))
        {
            throw new IpdrException(new Fault(
                FaultCode.UnsupportedMediaType, "it is no image that an engine can run, and Docker archives hold nothing else", image.Title, "Copy it to an OCI layout or a registry."));
        }
        ReadOnlyMemory<byte> config = await blobs.ReadAsync(document.Config, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Digest> diffIds = Document.ReadConfig(config, image.Title).RootFs.DiffIds ?? [];
        if (diffIds.Count != stored.Count)
        {
            throw new IpdrException(new Fault(FaultCode.LayerCountMismatch, "the image has another number of layers than its config has DiffIds", image.Title, "Do not use this image.")
            {
                Expected = $"{diffIds.Count} layers",
                Actual = $"{stored.Count}",
            });
        }
        List<DockerArchiveLayer> layers = [];
        for (int i = 0; i < stored.Count; i++)
        {
            if (!known.TryGetValue(diffIds[i], out DockerArchiveLayer? layer))
                known[diffIds[i]] = layer = await DockerArchiveLayer.MeasureAsync(stored[i], diffIds[i], i, blobs, cancellationToken).ConfigureAwait(false);
            layers.Add(layer);
        }
        return new DockerArchiveImage(Digest.OfContent(DigestAlgorithm.Sha256, config.Span), config, image.Name is { } name ? [WithTag(name)] : [], layers);
    }

    // The full name: Docker shortens it, and podman would take a short one for an image of this machine.
    private static string WithTag(ImageReference name) => $"{name.Name}:{name.Tag ?? "latest"}";
}
