using Ipdr.Oci.Conversion;
using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>Copies images from one place to another: what is there already is not sent again, all that is sent is checked, and it appears at once or not at all.</summary>
public static class ImageCopier
{
    /// <summary>Copies the images that the source means.</summary>
    /// <param name="source">Where they come from.</param>
    /// <param name="destination">Where they go.</param>
    /// <param name="options">What of them is copied.</param>
    /// <param name="observer">Is told of the progress; may be null.</param>
    /// <param name="cancellationToken">Gives up; the destination is as it was then, but for blobs that nothing refers to.</param>
    /// <exception cref="IpdrException">Something is missing or damaged at the source, or the destination cannot take it.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<CopyResult> CopyAsync(
        IImageSource source, IImageDestination destination, CopyOptions options, IContentObserver? observer = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(options);
        CopyPlan plan = await CopyPlan.MakeAsync(source, destination, options, cancellationToken).ConfigureAwait(false);
        ImageGraph graph = plan.Graph;
        BlobMove move = new(source, destination, observer);
        await move.RunAsync(graph.Blobs, options.Parallelism, cancellationToken).ConfigureAwait(false);
        foreach (GraphManifest manifest in graph.Manifests)
            await destination.WriteManifestAsync(manifest.Descriptor, manifest.Content, cancellationToken).ConfigureAwait(false);
        CommittedImages committed = await destination.CommitAsync([.. plan.Images.Select(chosen => chosen.Image)], plan.Referrers, cancellationToken).ConfigureAwait(false);
        ILookup<SourceImage, SourceReferrer> referrers = plan.Referrers.ToLookup(referrer => referrer.Image);
        return new CopyResult(
            [
                .. plan.Images.Zip(committed.References, (chosen, reference) => new CopiedImage(reference, chosen.Image.Descriptor, ImageIds(graph, chosen.Image.Descriptor.Digest), chosen.Original)
                {
                    Referrers = [.. referrers[chosen.Image]],
                }),
            ],
            move.CopiedBlobs, move.CopiedBytes, move.SkippedBlobs, move.SkippedBytes,
            [.. plan.Warnings, .. Warnings(graph, destination, source), .. committed.Warnings]);
    }

    private static List<Digest> ImageIds(ImageGraph graph, Digest root)
    {
        Dictionary<Digest, GraphManifest> manifests = graph.Manifests.ToDictionary(manifest => manifest.Descriptor.Digest);
        List<Digest> ids = [];
        Queue<Digest> left = new([root]);
        HashSet<Digest> seen = [];
        while (left.TryDequeue(out Digest digest))
        {
            if (!seen.Add(digest) || !manifests.TryGetValue(digest, out GraphManifest? manifest))
                continue;
            if (manifest.ImageId is { } id)
                ids.Add(id);
            foreach (Descriptor child in manifest.Summary.Manifests)
                left.Enqueue(child.Digest);
        }
        return ids;
    }

    private static IEnumerable<Fault> Warnings(ImageGraph graph, IImageDestination destination, IImageSource source)
    {
        if (!destination.Traits.KeepsDigests)
            yield return new Fault(FaultCode.DigestChanged, "this kind of place holds no manifests: the image ID stays, the manifest's digest does not", destination.Place, "Copy to an OCI layout, a registry or the store to keep it.");
        if (graph.HasForeignLayers)
            yield return new Fault(FaultCode.Lost, "layers that may only be fetched from their vendor are not copied; whoever runs the image fetches them by their URLs", source.Place);
    }
}
