using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Sources;

/// <summary>A place that images come from. It need not be trusted. Safe for several threads.</summary>
public interface IImageSource : IAsyncDisposable
{
    /// <summary>What messages call it, as it is written on a command line.</summary>
    string Place { get; }

    /// <summary>The repository of a registry that this is, from which others there can mount blobs; null for all else.</summary>
    ImageReference? Repository => null;

    /// <summary>The images that are meant: the one that the place's reference names, or all of them where it has none.</summary>
    /// <returns>At least one.</returns>
    /// <exception cref="IpdrException">There is none (<see cref="FaultCode.NotFound"/>, <see cref="FaultCode.NoImages"/>), or the place cannot be read.</exception>
    ValueTask<IReadOnlyList<SourceImage>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Reads a manifest or index, and checks it against its descriptor.</summary>
    /// <exception cref="DigestMismatchException">The document is another one.</exception>
    /// <exception cref="IpdrException">It is not there (<see cref="FaultCode.MissingBlob"/>), is too large, or cannot be read.</exception>
    ValueTask<ReadOnlyMemory<byte>> ReadManifestAsync(Descriptor manifest, CancellationToken cancellationToken);

    /// <summary>What the place says refers to a manifest: by its subject, or by a tag that cosign gives. Who copies it looks whether it does.</summary>
    /// <param name="manifest">The manifest; it is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Signatures, SBOMs, attestations and the like; empty where there are none, and where the place cannot hold any.</returns>
    /// <exception cref="IpdrException">The place cannot be read.</exception>
    ValueTask<IReadOnlyList<FoundReferrer>> ListReferrersAsync(Descriptor manifest, CancellationToken cancellationToken);

    /// <summary>Opens a blob. The bytes are not checked: who reads them compares them with the descriptor.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="offset">Where to begin, in bytes, from 0 to the blob's size.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The bytes from there to the end; the caller disposes of the stream.</returns>
    /// <exception cref="IpdrException">It is not there (<see cref="FaultCode.MissingBlob"/>), or cannot be read.</exception>
    ValueTask<Stream> OpenUnverifiedAsync(Descriptor blob, long offset, CancellationToken cancellationToken);
}
