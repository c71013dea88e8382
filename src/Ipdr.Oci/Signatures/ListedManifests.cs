using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Signatures;

/// <summary>What the entries of a place are: images that have to be signed, or signatures and the like.</summary>
/// <param name="source">The place.</param>
internal sealed class ListedManifests(IImageSource source)
{
    // An index of more parts than this is no image; image-spec sets no bound.
    private const int MaxParts = 10_000, MaxDepth = 8;

    private static readonly string[] LayerTypes = ["application/vnd.oci.image.layer.", "application/vnd.docker.image."];

    /// <summary>The images without what only refers to others, unless there is nothing else.</summary>
    /// <remarks>Whatever could be run is an image, under which tag it may stand and of what it may say that it speaks: else it could be hidden so.</remarks>
    /// <exception cref="IpdrException">A manifest is not there, or damaged.</exception>
    public async Task<IReadOnlyList<SourceImage>> ChooseImagesAsync(IReadOnlyList<SourceImage> images, CancellationToken cancellationToken)
    {
        List<SourceImage> rest = [];
        foreach (SourceImage image in images)
        {
            if (!await OnlyRefersAsync(image, cancellationToken).ConfigureAwait(false))
                rest.Add(image);
        }
        return rest.Count > 0 ? rest : images;
    }

    /// <summary>All manifests and indexes that an index leads to. Those that are not here are named all the same.</summary>
    /// <exception cref="IpdrException">The index is not there, is damaged, or leads too far.</exception>
    public async Task<IReadOnlySet<Digest>> PartsOfAsync(Descriptor index, CancellationToken cancellationToken)
    {
        HashSet<Digest> parts = [];
        Queue<(Descriptor Index, int Depth)> left = new([(index, 0)]);
        while (left.TryDequeue(out (Descriptor Index, int Depth) next))
        {
            foreach (Descriptor part in (await ReadAsync(next.Index, cancellationToken).ConfigureAwait(false)).Manifests)
            {
                if (parts.Count >= MaxParts || next.Depth > MaxDepth)
                    throw new IpdrException(new Fault(FaultCode.Limit, $"an index leads to more than {MaxParts} manifests, or is nested more than {MaxDepth} deep", source.Place, "No tool writes such an index; do not use this image."));
                if (parts.Add(part.Digest) && part.MediaType.IsIndex)
                    left.Enqueue((part, next.Depth + 1));
            }
        }
        return parts;
    }

    private async Task<bool> OnlyRefersAsync(SourceImage image, CancellationToken cancellationToken)
    {
        string? tag = image.Name?.Tag ?? image.Label;
        if (image.IsOpaque)
            return true;
        if (tag is not null && !ReferrerTag.Is(tag))
            return false;
        ManifestSummary summary = await ReadAsync(image.Descriptor, cancellationToken).ConfigureAwait(false);
        if (!summary.MediaType.IsIndex)
            return Refers(summary, tag);
        // The list that clients keep of referrers where a registry keeps none.
        if (tag is null)
            return false;
        foreach (Descriptor referrer in summary.Manifests)
        {
            if (!referrer.MediaType.IsManifest || !Refers(await ReadAsync(referrer, cancellationToken).ConfigureAwait(false), null))
                return false;
        }
        return true;
    }

    private static bool Refers(ManifestSummary manifest, string? tag) => (tag is not null || manifest.Subject is not null) && !MayRun(manifest);

    // Cosign's signatures have the config of an image, and layers of other types. Engines are told by the beginning of the type what a layer is.
    private static bool MayRun(ManifestSummary manifest) => manifest.Config is { MediaType.IsImageConfig: true }
        && (manifest.Layers.Count == 0 || manifest.Layers.Any(layer => layer.MediaType.IsLayer || LayerTypes.Any(type => layer.MediaType.ToString().StartsWith(type, StringComparison.Ordinal))));

    private async Task<ManifestSummary> ReadAsync(Descriptor manifest, CancellationToken cancellationToken) => ManifestSummary.Read(
        await source.ReadManifestAsync(manifest, cancellationToken).ConfigureAwait(false), manifest.MediaType, $"{source.Place}{Fault.PlaceSeparator}{manifest.Digest}");
}
