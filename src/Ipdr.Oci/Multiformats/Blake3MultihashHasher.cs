using Ipdr.Oci.Digests.Hashing;

namespace Ipdr.Oci.Multiformats;

/// <summary>BLAKE3 with 32 bytes of output, by <see cref="Blake3"/>.</summary>
internal sealed class Blake3MultihashHasher : MultihashHasher
{
    private readonly Blake3 _hash = new();

    public override MultihashCode Code => MultihashCode.Blake3;

    public override void Append(ReadOnlySpan<byte> content) => _hash.Append(content);

    public override Multihash Finish()
    {
        Span<byte> digest = stackalloc byte[Blake3.HashLength];
        _hash.FinishAndReset(digest);
        return Multihash.Create(Code, digest);
    }

    // Managed memory only.
    protected override void Dispose(bool disposing)
    {
    }
}
