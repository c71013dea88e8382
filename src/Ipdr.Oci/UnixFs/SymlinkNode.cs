using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.DagPb;

namespace Ipdr.Oci.UnixFs;

/// <summary>A symbolic link that has its CID.</summary>
internal sealed class SymlinkNode(Cid cid, ReadOnlyMemory<byte> block) : DagNode(cid, block.Length)
{
    public override DagEntryKind Kind => DagEntryKind.Symlink;

    public override DagStep Root => new(new MemoryBlock(Cid, block), []);

    /// <summary>A link to this target, its bytes as they are.</summary>
    public static SymlinkNode Create(CidForm nodes, ReadOnlySpan<byte> target)
    {
        int dataLength = UnixFsData.SymlinkLength(target.Length);
        byte[] block = new byte[DagPbWriter.DataLength(dataLength)];
        ProtobufWriter writer = new(block);
        DagPbWriter.StartData(ref writer, dataLength);
        UnixFsData.WriteSymlink(ref writer, target);
        return new SymlinkNode(nodes.OfBlock(block), block);
    }
}
