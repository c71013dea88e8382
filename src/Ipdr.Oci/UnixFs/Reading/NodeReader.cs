using System.Buffers;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>Blocks of a source, checked and understood, within the limits of one reading. Not safe for several threads.</summary>
internal sealed class NodeReader(IBlockSource source, DagLimits limits)
{
    private readonly CheckedBlocks _blocks = new(source, limits);
    private readonly OpenBytes _open = new(limits.MaxOpenBytes);

    public DagLimits Limits => limits;

    /// <summary>Reads a node. The caller disposes of it.</summary>
    /// <exception cref="Faults.IpdrException">The block is missing, or not what it should be, or a limit is passed.</exception>
    public async ValueTask<UnixFsNode> ReadAsync(Cid cid, CancellationToken cancellationToken)
    {
        IMemoryOwner<byte> block = await _blocks.ReadAsync(cid, cancellationToken).ConfigureAwait(false);
        return UnixFsNode.Decode(cid, block, limits, _open);
    }
}
