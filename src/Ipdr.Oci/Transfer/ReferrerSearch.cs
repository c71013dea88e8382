using System.Runtime.CompilerServices;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>Finds what refers to images: signatures, SBOMs, attestations, and what refers to those.</summary>
/// <param name="source">Where they are.</param>
/// <param name="graph">What is read of it; what is found is entered there.</param>
internal sealed class ReferrerSearch(IImageSource source, ImageGraph graph)
{
    /// <summary>What was said to refer to something, and does not.</summary>
    public List<Fault> Warnings { get; } = [];

    /// <summary>What goes with an image, subjects before what refers to them.</summary>
    /// <param name="image">The image; it is in the graph.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">Something is not there, or there is too much.</exception>
    public async Task<IReadOnlyList<SourceReferrer>> FindAsync(SourceImage image, CancellationToken cancellationToken)
    {
        List<SourceReferrer> found = [];
        HashSet<Digest> asked = [];
        Queue<Digest> left = new([image.Descriptor.Digest]);
        while (left.TryDequeue(out Digest digest))
        {
            if (!asked.Add(digest) || graph.Find(digest) is not { } subject)
                continue;
            foreach (Descriptor child in subject.Summary.Manifests)
                left.Enqueue(child.Digest);
            await foreach ((GraphManifest manifest, Tag? tag) in OfAsync(subject, cancellationToken).ConfigureAwait(false))
            {
                await graph.AddAsync(manifest.Descriptor, cancellationToken).ConfigureAwait(false);
                found.Add(new SourceReferrer(image, manifest.Descriptor with { ArtifactType = tag is null ? manifest.Summary.ArtifactType : null }, digest, tag));
                left.Enqueue(manifest.Descriptor.Digest);
            }
        }
        return found;
    }

    /// <summary>What refers to one manifest, and the tag that says so, if its subject does not.</summary>
    /// <exception cref="IpdrException">Something is not there, or there is too much.</exception>
    public async IAsyncEnumerable<(GraphManifest Manifest, Tag? Tag)> OfAsync(GraphManifest subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Digest digest = subject.Descriptor.Digest;
        foreach (FoundReferrer referrer in await source.ListReferrersAsync(subject.Descriptor, cancellationToken).ConfigureAwait(false))
        {
            GraphManifest manifest = await graph.ReadAsync(referrer.Descriptor with { Annotations = null }, cancellationToken).ConfigureAwait(false);
            if (referrer.Tag is not null || manifest.Summary.Subject?.Digest == digest)
            {
                yield return (manifest, referrer.Tag);
                continue;
            }
            Warnings.Add(new Fault(FaultCode.BadReferrer, $"it is listed among what refers to {digest}, and does not; it is left out", $"{source.Place}{Fault.PlaceSeparator}{manifest.Descriptor.Digest}", "Attach it again to the manifest that it is about.")
            {
                Actual = manifest.Summary.Subject?.Digest.ToString() ?? "no subject",
            });
        }
    }

    /// <summary>The images without those entries that only refer to others, unless there is nothing else.</summary>
    /// <exception cref="IpdrException">A manifest is not there, or is none.</exception>
    public async ValueTask<IReadOnlyList<SourceImage>> LeaveOutAsync(IReadOnlyList<SourceImage> images, CancellationToken cancellationToken)
    {
        List<SourceImage> rest = [];
        foreach (SourceImage image in images.DistinctBy(image => image.Descriptor.Digest).Count() > 1 ? images : [])
        {
            string? tag = image.Label ?? image.Name?.Tag;
            if (!ReferrerTag.Is(tag) && !(tag is null && (await graph.ReadAsync(image.Descriptor, cancellationToken).ConfigureAwait(false)).Summary.Subject is not null))
                rest.Add(image);
        }
        return rest.Count > 0 ? rest : images;
    }
}
