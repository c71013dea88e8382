using System.Buffers;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>The blocks of a source, each of them checked against its name.</summary>
internal sealed class CheckedBlocks(IBlockSource source, DagLimits limits)
{
    /// <summary>Reads a block. The caller disposes of it.</summary>
    /// <exception cref="IpdrException">The block is missing, too large, another one than named, or cannot be checked.</exception>
    public async ValueTask<IMemoryOwner<byte>> ReadAsync(Cid cid, CancellationToken cancellationToken)
    {
        if (cid.Hash.Code == MultihashCode.Identity)
            return Inline(cid);
        if (!cid.Hash.IsVerifiable)
            throw DagFaults.Unverifiable(cid);
        IMemoryOwner<byte> block = await source.TryReadAsync(cid, cancellationToken).ConfigureAwait(false) ?? throw DagFaults.Missing(cid);
        try
        {
            Check(cid, block.Memory.Span);
            return block;
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }

    /// <summary>Holds a block against its name.</summary>
    /// <exception cref="IpdrException">It is another one, or it cannot be told.</exception>
    public static void RequireMatch(Cid cid, ReadOnlySpan<byte> bytes)
    {
        if (!cid.Hash.IsVerifiable)
            throw DagFaults.Unverifiable(cid);
        Multihash actual = Multihash.OfContent(cid.Hash.Code, bytes);
        if (!cid.Hash.IsPrefixOf(actual))
            throw DagFaults.Mismatch(cid, actual);
    }

    private void Check(Cid cid, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > limits.MaxBlockBytes)
            throw DagFaults.Limit(DagFaults.Place(cid), "a block is too large", nameof(DagLimits.MaxBlockBytes), limits.MaxBlockBytes, bytes.Length);
        if (source is not ICheckedBlockSource)
            RequireMatch(cid, bytes);
    }

    private static BlockBuffer Inline(Cid cid)
    {
        Multihash hash = cid.Hash;
        return BlockBuffer.Of(hash.Digest);
    }
}
