using System.Security.Cryptography;

namespace Ipdr.Oci.Multiformats;

/// <summary>Hashes content as it passes, in any number of pieces. Not safe for several threads.</summary>
public abstract class MultihashHasher : IDisposable
{
    private protected MultihashHasher()
    {
    }

    /// <summary>The function of the result.</summary>
    public abstract MultihashCode Code { get; }

    /// <summary>Starts hashing. The caller disposes of the hasher.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The function is not computed here; identity has no hasher either.</exception>
    public static MultihashHasher Create(MultihashCode code) => code switch
    {
        MultihashCode.Sha256 => new ShaMultihashHasher(code, HashAlgorithmName.SHA256),
        MultihashCode.Sha512 => new ShaMultihashHasher(code, HashAlgorithmName.SHA512),
        MultihashCode.Blake3 => new Blake3MultihashHasher(),
        MultihashCode.Blake2b256 => new Blake2bMultihashHasher(),
        _ => throw new ArgumentOutOfRangeException(nameof(code), $"hash function {code.Name} is not computed here"),
    };

    /// <summary>Takes the next piece, of any length.</summary>
    public abstract void Append(ReadOnlySpan<byte> content);

    /// <summary>The hash of all pieces; afterwards the hasher is as new.</summary>
    public abstract Multihash Finish();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the function holds.</summary>
    protected abstract void Dispose(bool disposing);
}
