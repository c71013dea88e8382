using Ipdr.Oci.Digests;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Destinations.Archiving;

/// <summary>A new Docker archive.</summary>
internal sealed class DockerArchiveDestination(string place, DestinationTraits traits, ArchiveOutput output, BlobDepot blobs)
    : ArchiveDestination(place, traits with { HoldsIndexes = false, KeepsDigests = false, HoldsReferrers = false }, output, blobs)
{
    protected override async Task<Func<Stream, Task>> PrepareAsync(IReadOnlyList<SourceImage> images, CancellationToken cancellationToken)
    {
        Dictionary<Digest, DockerArchiveLayer> layers = [];
        List<DockerArchiveImage> composed = [];
        foreach (SourceImage image in images)
            composed.Add(await DockerArchiveImage.ComposeAsync(image, Manifests[image.Descriptor.Digest].Content, Blobs, layers, cancellationToken).ConfigureAwait(false));
        return output => DockerArchiveWriter.WriteAsync(output, composed, Blobs, cancellationToken);
    }
}
