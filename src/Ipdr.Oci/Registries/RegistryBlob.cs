using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Registries;

/// <summary>A blob as a registry hands it out.</summary>
public abstract class RegistryBlob
{
    private protected RegistryBlob(Digest digest, long size) => (Digest, Size) = (digest, size);

    /// <summary>Its name.</summary>
    public Digest Digest { get; }

    /// <summary>Its size in bytes.</summary>
    public long Size { get; }

    /// <summary>Opens the content for reading from a byte on. The stream is the caller's to dispose of.</summary>
    /// <param name="offset">The first byte that is wanted, 0 to <see cref="Size"/>.</param>
    /// <param name="cancellationToken">Gives up the waiting.</param>
    /// <exception cref="FileNotFoundException">It was removed since it was found.</exception>
    /// <exception cref="Faults.IpdrException">It cannot be had, or is not what it should be; reading throws the same.</exception>
    public abstract ValueTask<Stream> OpenAsync(long offset = 0, CancellationToken cancellationToken = default);
}
