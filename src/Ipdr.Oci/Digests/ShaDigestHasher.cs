using System.Security.Cryptography;

namespace Ipdr.Oci.Digests;

/// <summary>SHA-256 and SHA-512 by the platform's implementation, which uses the processor's instructions where it has them.</summary>
internal sealed class ShaDigestHasher(DigestAlgorithm algorithm, HashAlgorithmName name) : DigestHasher
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(name);

    public override DigestAlgorithm Algorithm => algorithm;

    public override void Append(ReadOnlySpan<byte> content) => _hash.AppendData(content);

    public override Digest Finish()
    {
        Span<byte> hash = stackalloc byte[algorithm.ByteLength];
        _hash.GetHashAndReset(hash);
        return Digest.OfHash(algorithm, hash);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
    }
}
