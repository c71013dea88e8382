using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Directories;

/// <summary>A directory in one block that has its CID.</summary>
/// <param name="cid">The block's CID.</param>
/// <param name="cumulativeSize">Bytes of all blocks below, repeats counted.</param>
/// <param name="entries">What it holds, in the order of names; null when blocks are not wanted.</param>
/// <param name="length">Bytes of the block.</param>
/// <param name="metadata">What it carries.</param>
internal sealed class DirectoryNode(Cid cid, long cumulativeSize, DirectoryEntry[]? entries, int length, UnixFsMetadata metadata) : DagNode(cid, cumulativeSize)
{
    public override DagEntryKind Kind => DagEntryKind.Directory;

    public override IEnumerable<(string Name, DagNode Node)> Entries => Kept.Select(entry => (entry.Text, entry.Node));

    public override DagStep Root => new(new DirectoryBlock(Cid, length, Kept, metadata), Kept.Select(entry => entry.Node.Root));

    private DirectoryEntry[] Kept => entries ?? throw new InvalidOperationException("the blocks were not kept");
}
