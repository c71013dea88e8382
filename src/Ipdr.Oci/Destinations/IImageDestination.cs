using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Destinations;

/// <summary>A place that images go to. Nothing is visible before <see cref="CommitAsync"/>; disposing without it gives up.</summary>
/// <remarks>Blobs may be asked for and written by several threads at once; manifests come after all blobs, what an index lists before the index.</remarks>
public interface IImageDestination : IAsyncDisposable
{
    /// <summary>What messages call it, as it is written on a command line.</summary>
    string Place { get; }

    /// <summary>What it can hold.</summary>
    DestinationTraits Traits { get; }

    /// <summary>Is the blob there already, or can it be had without sending it, such as from another repository of the same registry?</summary>
    /// <exception cref="IpdrException">The place does not answer.</exception>
    ValueTask<bool> HasBlobAsync(BlobTransfer blob, CancellationToken cancellationToken);

    /// <summary>Takes a blob, and checks it against its descriptor.</summary>
    /// <exception cref="IpdrException">The content is not what was promised, or the place cannot take it.</exception>
    Task WriteBlobAsync(BlobTransfer blob, CancellationToken cancellationToken);

    /// <summary>Takes a manifest or index, which was checked.</summary>
    /// <exception cref="IpdrException">The place cannot take it.</exception>
    Task WriteManifestAsync(Descriptor manifest, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Makes all of it visible, under its names.</summary>
    /// <param name="images">What is meant to be found there, at least one.</param>
    /// <param name="referrers">What goes with them; empty unless <see cref="DestinationTraits.HoldsReferrers"/>.</param>
    /// <param name="cancellationToken">Gives up, as long as nothing is visible.</param>
    /// <returns>What each is called there, in the order of <paramref name="images"/>, and what was odd.</returns>
    /// <exception cref="IpdrException">The place cannot take it.</exception>
    Task<CommittedImages> CommitAsync(IReadOnlyList<SourceImage> images, IReadOnlyList<SourceReferrer> referrers, CancellationToken cancellationToken);
}
