using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>Looks at images without fetching their layers: manifests and configs are read, and checked.</summary>
public sealed class ImageInspector
{
    private const int MaxDepth = 8, MaxSources = 4;

    private readonly IImageSource _source;
    private readonly ImageGraph _graph;

    // Null where nobody asks for referrers.
    private readonly ReferrerSearch? _referring;

    // Whose referrers are shown already: a tag may name what it hangs on.
    private readonly HashSet<Digest> _asked = [];

    private ImageInspector(IImageSource source, bool referrers)
    {
        (_source, _graph) = (source, new ImageGraph(source));
        _referring = referrers ? new ReferrerSearch(source, _graph) : null;
    }

    /// <summary>Looks at the images that several sources mean, a few at once.</summary>
    /// <param name="sources">Where they are.</param>
    /// <param name="referrers">Look at what refers to them too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The images in the order of their sources.</returns>
    /// <exception cref="IpdrException">There is none in one of them, or something is missing or damaged.</exception>
    public static async Task<InspectionResult> InspectAsync(IReadOnlyList<IImageSource> sources, bool referrers = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        InspectionResult[] results = new InspectionResult[sources.Count];
        await Parallel.ForAsync(0, sources.Count, new ParallelOptions { MaxDegreeOfParallelism = MaxSources, CancellationToken = cancellationToken }, async (i, token) =>
            results[i] = await InspectAsync(sources[i], referrers, token).ConfigureAwait(false)).ConfigureAwait(false);
        return new InspectionResult([.. results.SelectMany(result => result.Images)], [.. results.SelectMany(result => result.Warnings)]);
    }

    /// <summary>Looks at the images that a source means.</summary>
    /// <param name="source">Where they are.</param>
    /// <param name="referrers">Look at what refers to them too: signatures, SBOMs, attestations, and what refers to those.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">There is none, or something is missing or damaged.</exception>
    public static async Task<InspectionResult> InspectAsync(IImageSource source, bool referrers = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ImageInspector inspector = new(source, referrers);
        IReadOnlyList<SourceImage> listed = await source.ListAsync(cancellationToken).ConfigureAwait(false);
        if (inspector._referring is { } referring)
            listed = await referring.LeaveOutAsync(listed, cancellationToken).ConfigureAwait(false);
        List<InspectedImage> images = [];
        foreach (IGrouping<Digest, SourceImage> named in listed.GroupBy(image => image.Descriptor.Digest))
            images.Add(await inspector.InspectAsync([.. named], cancellationToken).ConfigureAwait(false));
        return new InspectionResult(images, inspector._referring?.Warnings ?? []);
    }

    private async Task<InspectedImage> InspectAsync(SourceImage[] named, CancellationToken cancellationToken)
    {
        Descriptor root = named[0].Descriptor;
        return new InspectedImage(
            [.. named.Select(image => image.Name?.Familiar ?? image.Label).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
            named[0].IsOpaque ? new InspectedManifest(root, InspectedKind.Artifact) { Size = root.Size } : await InspectAsync(root, 0, cancellationToken).ConfigureAwait(false),
            _source is RegistryContentSource content ? await content.FindCidAsync(named[0], cancellationToken).ConfigureAwait(false) : null);
    }

    private async Task<InspectedManifest> InspectAsync(Descriptor descriptor, int depth, CancellationToken cancellationToken)
    {
        GraphManifest manifest;
        try
        {
            manifest = await _graph.ReadAsync(descriptor, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e) when (depth > 0 && e.Fault.Code is FaultCode.MissingBlob or FaultCode.NotFound)
        {
            return new InspectedManifest(descriptor, InspectedKind.Absent) { Platform = Known(descriptor.Platform) };
        }
        InspectedManifest inspected = manifest.Summary.MediaType.IsIndex
            ? await InspectIndexAsync(manifest, depth, cancellationToken).ConfigureAwait(false)
            : await InspectImageAsync(manifest, descriptor, cancellationToken).ConfigureAwait(false);
        return _referring is null || !_asked.Add(descriptor.Digest) ? inspected
            : inspected with { Referrers = await ReferrersAsync(_referring, manifest, depth, cancellationToken).ConfigureAwait(false) };
    }

    private async Task<IReadOnlyList<InspectedReferrer>> ReferrersAsync(ReferrerSearch referring, GraphManifest subject, int depth, CancellationToken cancellationToken)
    {
        if (depth > MaxDepth)
            throw new IpdrException(new Fault(FaultCode.Limit, $"what refers to an image is referred to itself, more than {MaxDepth} deep", _source.Place, "Look at the image without --referrers."));
        List<InspectedReferrer> found = [];
        await foreach ((GraphManifest manifest, Tag? tag) in referring.OfAsync(subject, cancellationToken).ConfigureAwait(false))
            found.Add(new InspectedReferrer(await InspectAsync(manifest.Descriptor, depth + 1, cancellationToken).ConfigureAwait(false), manifest.Summary.ArtifactType, tag));
        return found;
    }

    private async Task<InspectedManifest> InspectIndexAsync(GraphManifest index, int depth, CancellationToken cancellationToken)
    {
        if (depth > MaxDepth)
            throw new IpdrException(new Fault(FaultCode.Limit, $"indexes are nested more than {MaxDepth} deep", _source.Place, "No tool writes such an index; do not use this image."));
        List<InspectedManifest> children = [];
        foreach (Descriptor child in index.Summary.Manifests)
        {
            children.Add(child.MediaType.IsIndex || child.MediaType.IsManifest
                ? await InspectAsync(child, depth + 1, cancellationToken).ConfigureAwait(false)
                : new InspectedManifest(child, InspectedKind.Artifact) { Size = child.Size });
        }
        return new InspectedManifest(index.Descriptor, InspectedKind.Index)
        {
            Manifests = children,
            Size = SizeOf(index.Descriptor, children),
        };
    }

    private async Task<InspectedManifest> InspectImageAsync(GraphManifest manifest, Descriptor descriptor, CancellationToken cancellationToken)
    {
        bool attests = descriptor.Annotations?.GetValueOrDefault(Annotations.DockerReferenceType) == Annotations.AttestationManifest;
        bool runs = !attests && manifest.ImageId is not null;
        ImageConfig? config = runs ? await _graph.ReadConfigAsync(manifest.Summary.Config!, cancellationToken).ConfigureAwait(false) : null;
        IReadOnlyList<Digest> diffIds = config?.RootFs.DiffIds ?? [];
        return new InspectedManifest(descriptor, attests ? InspectedKind.Attestation : runs ? InspectedKind.Image : InspectedKind.Artifact)
        {
            Platform = Known(config?.Platform) ?? Known(descriptor.Platform),
            Config = manifest.Summary.Config,
            ImageId = runs ? manifest.ImageId : null,
            Layers = [.. manifest.Summary.Layers.Select((layer, i) => new InspectedLayer(layer, i < diffIds.Count ? diffIds[i] : null))],
            Size = descriptor.Size + manifest.Summary.NeededBlobs.DistinctBy(blob => blob.Digest).Sum(blob => blob.Size),
        };
    }

    private static long SizeOf(Descriptor index, List<InspectedManifest> children)
    {
        Dictionary<Digest, long> sizes = new() { [index.Digest] = index.Size };
        Queue<InspectedManifest> left = new(children);
        while (left.TryDequeue(out InspectedManifest? manifest))
        {
            if (manifest.Kind == InspectedKind.Absent)
                continue;
            foreach (Descriptor part in (IEnumerable<Descriptor>)[manifest.Descriptor, .. manifest.Config is null ? [] : new[] { manifest.Config }, .. manifest.Layers.Select(layer => layer.Descriptor).Where(layer => !layer.MediaType.IsForeignLayer)])
                sizes[part.Digest] = part.Size;
            foreach (InspectedManifest child in manifest.Manifests)
                left.Enqueue(child);
        }
        return sizes.Values.Sum();
    }

    private static Platform? Known(Platform? platform) => platform is { IsUnknown: false } ? platform : null;
}
