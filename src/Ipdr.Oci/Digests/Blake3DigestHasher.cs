using Ipdr.Oci.Digests.Hashing;

namespace Ipdr.Oci.Digests;

/// <summary>BLAKE3 with 32 bytes of output, by <see cref="Blake3"/>.</summary>
internal sealed class Blake3DigestHasher : DigestHasher
{
    private readonly Blake3 _hash = new();

    public override DigestAlgorithm Algorithm => DigestAlgorithm.Blake3;

    public override void Append(ReadOnlySpan<byte> content) => _hash.Append(content);

    public override Digest Finish()
    {
        Span<byte> hash = stackalloc byte[Blake3.HashLength];
        _hash.FinishAndReset(hash);
        return Digest.OfHash(DigestAlgorithm.Blake3, hash);
    }

    // Managed memory only.
    protected override void Dispose(bool disposing)
    {
    }
}
