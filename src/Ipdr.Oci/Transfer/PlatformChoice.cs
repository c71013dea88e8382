using Ipdr.Oci.Digests;
using Ipdr.Oci.Engines;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Transfer;

/// <summary>Decides what of an index is copied: all of it, one image of it, or a smaller index that lists what was asked for.</summary>
internal sealed class PlatformChoice(ImageGraph graph, CopyOptions options, bool holdsIndexes, string place)
{
    // What an index may be nested in.
    private const int MaxDepth = 8;

    private readonly SortedSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>What was left out or changed.</summary>
    public List<Fault> Warnings { get; } = [];

    /// <summary>The manifest or index to copy for an image.</summary>
    /// <exception cref="IpdrException">Nothing fits (<see cref="FaultCode.NoPlatform"/>), or the destination cannot hold what does.</exception>
    public async Task<Descriptor> ChooseAsync(Descriptor root, CancellationToken cancellationToken)
    {
        if (!root.MediaType.IsIndex)
        {
            await RequirePlatformAsync(root, cancellationToken).ConfigureAwait(false);
            return root;
        }
        GraphManifest index = await graph.ReadAsync(root, cancellationToken).ConfigureAwait(false);
        Descriptor[] images = [.. await ImagesAsync(index, 0, cancellationToken).ConfigureAwait(false)];
        if (holdsIndexes && (options.AllPlatforms || (options.Platforms.Count == 0 && images.Length <= 1)))
            return root;
        if (options.AllPlatforms && images.Length > 1)
            throw new IpdrException(new Fault(FaultCode.BadDestination, "this kind of place holds one platform of an image", place, "Name a --platform, or copy to an OCI layout, a registry or the store."));
        IReadOnlyList<Platform> wanted = options.Platforms.Count > 0 ? options.Platforms : images.Length == 1 ? [] : [HostPlatform.Current];
        Descriptor[] chosen = [.. (wanted.Count == 0 ? images : wanted.Select(platform => images.FirstOrDefault(image => image.Platform?.Serves(platform) == true)).OfType<Descriptor>()).Distinct()];
        if (chosen.Length == 0)
            throw new IpdrException(new Fault(FaultCode.NoPlatform, $"no image is for {string.Join(" or ", wanted)}", place, holdsIndexes ? "Name another --platform, or take --all-platforms." : "Name another --platform.") { Actual = string.Join(", ", _seen) });
        foreach (Platform missing in wanted.Where(platform => !images.Any(image => image.Platform?.Serves(platform) == true)))
            Warnings.Add(new Fault(FaultCode.NoPlatform, $"no image is for {missing}; what is for the other platforms is copied", place, "Name another --platform.") { Actual = string.Join(", ", _seen) });
        return chosen.Length == 1 ? TakeOne(root, chosen[0], images.Length) : await TakeSeveralAsync(index, images, chosen, cancellationToken).ConfigureAwait(false);
    }

    private async Task RequirePlatformAsync(Descriptor root, CancellationToken cancellationToken)
    {
        GraphManifest manifest = await graph.ReadAsync(root, cancellationToken).ConfigureAwait(false);
        if (options.Platforms.Count == 0)
            return;
        // The platform of a lone manifest stands in its config; where the entry says one, that is enough to refuse.
        Platform? platform = root.Platform is { IsUnknown: false } said ? said
            : manifest.ImageId is not null ? (await graph.ReadConfigAsync(manifest.Summary.Config!, cancellationToken).ConfigureAwait(false)).Platform
            : null;
        if (platform is { IsUnknown: false } && !options.Platforms.Any(platform.Serves))
            throw new IpdrException(new Fault(FaultCode.NoPlatform, $"no image is for {string.Join(" or ", options.Platforms)}", place, "Name another --platform.") { Actual = platform.ToString() });
    }

    // The runnable images of an index, also of those inside it; attestations and artifacts say no platform.
    private async Task<List<Descriptor>> ImagesAsync(GraphManifest index, int depth, CancellationToken cancellationToken)
    {
        List<Descriptor> images = [];
        foreach (Descriptor entry in index.Summary.Manifests)
        {
            if (entry.MediaType.IsIndex && depth < MaxDepth)
                images.AddRange(await ImagesAsync(await graph.ReadAsync(entry, cancellationToken).ConfigureAwait(false), depth + 1, cancellationToken).ConfigureAwait(false));
            else if (entry.MediaType.IsManifest && entry.Platform is not { IsUnknown: true } && !IsAttestation(entry))
                images.Add(entry);
            if (entry.Platform is { IsUnknown: false } platform)
                _seen.Add(platform.ToString());
        }
        return images;
    }

    private Descriptor TakeOne(Descriptor root, Descriptor chosen, int images)
    {
        Warnings.Add(new Fault(
            FaultCode.DigestChanged,
            images == 1
                ? "the index holds one image, and only that is copied: its digest is the image's, no longer the index's"
                : $"the index holds {images} images, and only the one for {chosen.Platform} is copied: its digest is that image's, no longer the index's",
            place,
            "Take --all-platforms to keep the index.")
        {
            Expected = root.Digest.ToString(),
            Actual = chosen.Digest.ToString(),
        });
        return new Descriptor(chosen.MediaType, chosen.Digest, chosen.Size) { Platform = chosen.Platform };
    }

    private async Task<Descriptor> TakeSeveralAsync(GraphManifest index, Descriptor[] images, Descriptor[] chosen, CancellationToken cancellationToken)
    {
        if (!holdsIndexes)
            throw new IpdrException(new Fault(FaultCode.BadDestination, "this kind of place holds one platform of an image", place, "Name one --platform, or copy to an OCI layout, a registry or the store."));
        if (chosen.Length == images.Length)
            return index.Descriptor;
        HashSet<string> digests = [.. chosen.Select(image => image.Digest.ToString())];
        ImageIndex document = Document.ReadIndex(index.Content, place);
        ImageIndex smaller = document with
        {
            Manifests = [.. chosen, .. document.Manifests.Where(entry => entry.Annotations?.GetValueOrDefault(Annotations.DockerReferenceDigest) is { } reference && digests.Contains(reference))],
        };
        ReadOnlyMemory<byte> content = Document.Write(smaller);
        Descriptor made = new(index.Descriptor.MediaType, Digest.OfContent(DigestAlgorithm.Sha256, content.Span), content.Length);
        await graph.AddAsync(new GraphManifest(made, content, ManifestSummary.Read(content, made.MediaType, place)), cancellationToken).ConfigureAwait(false);
        Warnings.Add(new Fault(FaultCode.DigestChanged, $"{chosen.Length} of {images.Length} images of the index are copied, in a smaller index with a digest of its own", place, "Take --all-platforms to keep the index.")
        {
            Expected = index.Descriptor.Digest.ToString(),
            Actual = made.Digest.ToString(),
        });
        return made;
    }

    private static bool IsAttestation(Descriptor entry) => entry.Annotations?.GetValueOrDefault(Annotations.DockerReferenceType) == Annotations.AttestationManifest;
}
