using System.Buffers;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Car;

/// <summary>Hashes of blocks that may lie in several pieces. One hasher a function, made when it is first needed.</summary>
internal sealed class BlockHashes : IDisposable
{
    private readonly Dictionary<MultihashCode, MultihashHasher> _hashers = [];

    /// <summary>Checks a block against its name.</summary>
    /// <exception cref="CarFormatException">It has another hash, or one that cannot be checked.</exception>
    public void Check(in CarBlock block)
    {
        Multihash expected = block.Cid.Hash;
        if (!expected.IsVerifiable)
            throw CarFaults.Unverifiable(block.Cid, block.Offset);
        Multihash actual = expected.Code == MultihashCode.Identity ? Inline(block.Data) : Hash(expected.Code, block.Data);
        if (!(expected.Code == MultihashCode.Identity ? expected == actual : expected.IsPrefixOf(actual)))
            throw CarFaults.Mismatch(block.Cid, block.Offset, actual);
    }

    public void Dispose()
    {
        foreach (MultihashHasher hasher in _hashers.Values)
            hasher.Dispose();
    }

    private Multihash Hash(MultihashCode code, ReadOnlySequence<byte> data)
    {
        if (data.IsSingleSegment)
            return Multihash.OfContent(code, data.FirstSpan);
        if (!_hashers.TryGetValue(code, out MultihashHasher? hasher))
            _hashers.Add(code, hasher = MultihashHasher.Create(code));
        foreach (ReadOnlyMemory<byte> piece in data)
            hasher.Append(piece.Span);
        return hasher.Finish();
    }

    // Only as much as an identity can hold is compared; more is a mismatch in any case.
    private static Multihash Inline(ReadOnlySequence<byte> data) =>
        Multihash.Create(MultihashCode.Identity, data.Slice(0, Math.Min(data.Length, Multihash.MaxDigestLength)).ToArray());
}
