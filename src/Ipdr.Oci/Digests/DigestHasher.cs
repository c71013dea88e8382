using System.Security.Cryptography;

namespace Ipdr.Oci.Digests;

/// <summary>Hashes content as it passes, in any number of pieces. Not safe for several threads.</summary>
public abstract class DigestHasher : IDisposable
{
    private protected DigestHasher()
    {
    }

    /// <summary>The algorithm of the result.</summary>
    public abstract DigestAlgorithm Algorithm { get; }

    /// <summary>Starts hashing. The caller disposes of the hasher.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="algorithm"/> is none of the enumeration's.</exception>
    public static DigestHasher Create(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Sha256 => new ShaDigestHasher(algorithm, HashAlgorithmName.SHA256),
        DigestAlgorithm.Sha512 => new ShaDigestHasher(algorithm, HashAlgorithmName.SHA512),
        DigestAlgorithm.Blake3 => new Blake3DigestHasher(),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>Takes the next piece, of any length.</summary>
    public abstract void Append(ReadOnlySpan<byte> content);

    /// <summary>The digest of all pieces; afterwards the hasher is as new.</summary>
    public abstract Digest Finish();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the algorithm holds.</summary>
    protected abstract void Dispose(bool disposing);
}
