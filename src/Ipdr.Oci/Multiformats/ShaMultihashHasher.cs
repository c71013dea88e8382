using System.Security.Cryptography;

namespace Ipdr.Oci.Multiformats;

/// <summary>SHA-256 and SHA-512 by the platform's implementation.</summary>
internal sealed class ShaMultihashHasher(MultihashCode code, HashAlgorithmName name) : MultihashHasher
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(name);

    public override MultihashCode Code => code;

    public override void Append(ReadOnlySpan<byte> content) => _hash.AppendData(content);

    public override Multihash Finish()
    {
        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        return Multihash.Create(code, digest[.._hash.GetHashAndReset(digest)]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
    }
}
