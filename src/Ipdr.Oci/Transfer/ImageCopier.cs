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
    /// <summary>Copies the images that a source means.</summary>
    /// <inheritdoc cref="CopyAsync(IReadOnlyList{IImageSource}, IImageDestination, CopyOptions, IContentObserver, CancellationToken)"/>
    /// <param name="source">Where they come from.</param>
    /// <param name="destination">Where they go.</param>
    /// <param name="options">What of them is copied.</param>
    /// <param name="observer">Is told of the progress; may be null.</param>
    /// <param name="cancellationToken">Gives up; the destination is as it was then, but for blobs that nothing refers to.</param>
    public static Task<CopyResult> CopyAsync(
        IImageSource source, IImageDestination destination, CopyOptions options, IContentObserver? observer = null, CancellationToken cancellationToken = default) =>
        CopyAsync([source], destination, options, observer, cancellationToken);

    /// <summary>Copies the images that several sources mean to one place, where all of them appear together.</summary>
    /// <param name="sources">Where they come from, at least one.</param>
    /// <param name="destination">Where they go.</param>
    /// <param name="options">What of them is copied.</param>
    /// <param name="observer">Is told of the progress; may be null.</param>
    /// <param name="cancellationToken">Gives up; the destination is as it was then, but for blobs that nothing refers to.</param>
    /// <exception cref="IpdrException">Something is missing or damaged at a source, the destination cannot take it, or two images would have one name there.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<CopyResult> CopyAsync(
        IReadOnlyList<IImageSource> sources, IImageDestination destination, CopyOptions options, IContentObserver? observer = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(options);
        CopyPlan[] plans = await CopyPlan.MakeAsync(sources, destination, options, cancellationToken).ConfigureAwait(false);
        if (options.Conversion is null)
            return await CopyAsync(plans, destination, options, observer, cancellationToken).ConfigureAwait(false);
        ImageConversion converted = new(options, observer);
        await using (converted.ConfigureAwait(false))
        {
            foreach (CopyPlan plan in plans)
                await converted.AddAsync(plan, destination, cancellationToken).ConfigureAwait(false);
            return converted.Describe(await CopyAsync(converted.Plans, destination, options, observer, cancellationToken).ConfigureAwait(false));
        }
    }

    private static async Task<CopyResult> CopyAsync(
        IReadOnlyList<CopyPlan> plans, IImageDestination destination, CopyOptions options, IContentObserver? observer, CancellationToken cancellationToken)
    {
        List<BlobMove> moves = [];
        // What several sources have is taken from the first of them.
        HashSet<Digest> blobs = [], manifests = [];
        foreach (CopyPlan plan in plans)
        {
            BlobMove move = new(plan.Source, destination, observer);
            moves.Add(move);
            await move.RunAsync([.. plan.Graph.Blobs.Where(blob => blobs.Add(blob.Digest))], options.Parallelism, cancellationToken).ConfigureAwait(false);
        }
        foreach (GraphManifest manifest in plans.SelectMany(plan => plan.Graph.Manifests).Where(manifest => manifests.Add(manifest.Descriptor.Digest)))
            await destination.WriteManifestAsync(manifest.Descriptor, manifest.Content, cancellationToken).ConfigureAwait(false);
        CommittedImages committed = await destination.CommitAsync(
            [.. plans.SelectMany(plan => plan.Images).Select(chosen => chosen.Image)], [.. plans.SelectMany(plan => plan.Referrers)], cancellationToken).ConfigureAwait(false);
        return new CopyResult(
            [.. plans.SelectMany(CopiedOf).Zip(committed.References, (image, reference) => image with { Reference = reference })],
            moves.Sum(move => move.CopiedBlobs), moves.Sum(move => move.CopiedBytes), moves.Sum(move => move.SkippedBlobs), moves.Sum(move => move.SkippedBytes),
            [.. plans.SelectMany(plan => ImageConversion.WarningsOf(plan.Source).Concat(plan.Warnings)), .. Warnings(plans, destination), .. committed.Warnings]);
    }

    private static IEnumerable<CopiedImage> CopiedOf(CopyPlan plan)
    {
        ILookup<SourceImage, SourceReferrer> referrers = plan.Referrers.ToLookup(referrer => referrer.Image);
        return plan.Images.Select(chosen => new CopiedImage("", chosen.Image.Descriptor, ImageIds(plan.Graph, chosen.Image.Descriptor.Digest), chosen.Original) { Referrers = [.. referrers[chosen.Image]] });
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

    private static IEnumerable<Fault> Warnings(IEnumerable<CopyPlan> plans, IImageDestination destination)
    {
        if (!destination.Traits.KeepsDigests)
            yield return new Fault(FaultCode.DigestChanged, "this kind of place holds no manifests: the image ID stays, the manifest's digest does not", destination.Place, "Copy to an OCI layout, a registry or the store to keep it.");
        foreach (CopyPlan plan in plans.Where(plan => plan.Graph.HasForeignLayers))
            yield return new Fault(FaultCode.Lost, "layers that may only be fetched from their vendor are not copied; whoever runs the image fetches them by their URLs", plan.Source.Place);
    }
}
