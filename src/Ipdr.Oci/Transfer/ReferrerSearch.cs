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
    private const int MaxQuestions = 4;

    /// <summary>What was said to refer to something, and does not.</summary>
    public List<Fault> Warnings { get; } = [];

    /// <summary>What goes with an image, subjects before what refers to them.</summary>
    /// <param name="image">The image, as it is called where it goes; it is in the graph.</param>
    /// <param name="repository">The repository that it is in where it comes from, as <see cref="ImageReference.Name"/> has it; null if it is in none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">Something is not there, or there is too much.</exception>
    public async Task<IReadOnlyList<SourceReferrer>> FindAsync(SourceImage image, string? repository, CancellationToken cancellationToken)
    {
        List<SourceReferrer> found = [];
        HashSet<Digest> asked = [];
        List<Digest> next = [image.Descriptor.Digest];
        while (next.Count > 0)
        {
            GraphManifest[] subjects = [.. next.Where(asked.Add).Select(graph.Find).OfType<GraphManifest>()];
            IReadOnlyList<FoundReferrer>[] listed = await ListAsync(subjects, cancellationToken).ConfigureAwait(false);
            next = [];
            foreach ((GraphManifest subject, IReadOnlyList<FoundReferrer> claims) in subjects.Zip(listed))
            {
                next.AddRange(subject.Summary.Manifests.Select(child => child.Digest));
                await foreach ((GraphManifest manifest, Tag? tag) in CheckAsync(subject, [.. OfRepository(claims, repository)], cancellationToken).ConfigureAwait(false))
                {
                    await graph.AddAsync(manifest.Descriptor, cancellationToken).ConfigureAwait(false);
                    found.Add(new SourceReferrer(image, new Descriptor(manifest.Summary.MediaType, manifest.Descriptor.Digest, manifest.Descriptor.Size) { ArtifactType = tag is null ? manifest.Summary.ArtifactType : null }, subject.Descriptor.Digest, tag));
                    next.Add(manifest.Descriptor.Digest);
                }
            }
        }
        return found;
    }

    /// <summary>What refers to one manifest, and the tag that says so, if its subject does not.</summary>
    /// <exception cref="IpdrException">Something is not there, or there is too much.</exception>
    public async IAsyncEnumerable<(GraphManifest Manifest, Tag? Tag)> OfAsync(GraphManifest subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<FoundReferrer> claims = await source.ListReferrersAsync(subject.Descriptor, cancellationToken).ConfigureAwait(false);
        await foreach ((GraphManifest, Tag?) referrer in CheckAsync(subject, claims, cancellationToken).ConfigureAwait(false))
            yield return referrer;
    }

    /// <summary>The images without those entries that only refer to others or are none, unless there is nothing else.</summary>
    /// <exception cref="IpdrException">A manifest is not there, or is none.</exception>
    public async ValueTask<IReadOnlyList<SourceImage>> LeaveOutAsync(IReadOnlyList<SourceImage> images, CancellationToken cancellationToken)
    {
        List<SourceImage> rest = [];
        foreach (SourceImage image in images.DistinctBy(image => image.Descriptor.Digest).Count() > 1 ? images : [])
        {
            string? tag = image.Label ?? image.Name?.Tag;
            if (!image.IsOpaque && !ReferrerTag.Is(tag) && !(tag is null && (await graph.ReadAsync(image.Descriptor, cancellationToken).ConfigureAwait(false)).Summary.Subject is not null))
                rest.Add(image);
        }
        return rest.Count > 0 ? rest : images;
    }

    // One image may be in several repositories, each with a signature under the same tag: a tag means one of them, that of the image's own repository first.
    private static IEnumerable<FoundReferrer> OfRepository(IReadOnlyList<FoundReferrer> claims, string? repository) =>
        claims.Where(claim => claim.Tag is null).Concat(claims.Where(claim => claim.Tag is not null).GroupBy(claim => claim.Tag).Select(same => same.FirstOrDefault(claim => claim.Repository == repository) ?? same.First()));

    // An index for many platforms is as many questions, which do not wait for each other.
    private async Task<IReadOnlyList<FoundReferrer>[]> ListAsync(GraphManifest[] subjects, CancellationToken cancellationToken)
    {
        IReadOnlyList<FoundReferrer>[] listed = new IReadOnlyList<FoundReferrer>[subjects.Length];
        await Parallel.ForAsync(0, subjects.Length, new ParallelOptions { MaxDegreeOfParallelism = MaxQuestions, CancellationToken = cancellationToken }, async (i, token) =>
            listed[i] = await source.ListReferrersAsync(subjects[i].Descriptor, token).ConfigureAwait(false)).ConfigureAwait(false);
        return listed;
    }

    private async IAsyncEnumerable<(GraphManifest Manifest, Tag? Tag)> CheckAsync(GraphManifest subject, IReadOnlyList<FoundReferrer> claims, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Digest digest = subject.Descriptor.Digest;
        foreach (FoundReferrer referrer in claims)
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
}
