using Ipdr.Oci.Digests.Hashing;

namespace Ipdr.Oci.Multiformats;

/// <summary>BLAKE2b with 32 bytes of output, by <see cref="Blake2b"/>.</summary>
internal sealed class Blake2bMultihashHasher : MultihashHasher
{
    private readonly Blake2b _hash = new(Blake2b.HashLength256);

    public override MultihashCode Code => MultihashCode.Blake2b256;

    public override void Append(ReadOnlySpan<byte> content) => _hash.Append(content);

    public override Multihash Finish()
    {
        Span<byte> digest = stackalloc byte[Blake2b.HashLength256];
        _hash.FinishAndReset(digest);
        return Multihash.Create(Code, digest);
    }

    // Managed memory only.
    protected override void Dispose(bool disposing)
    {
    }
}
