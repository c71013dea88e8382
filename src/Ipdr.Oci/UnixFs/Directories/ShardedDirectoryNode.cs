using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Directories;

/// <summary>A sharded directory that has its CID.</summary>
/// <param name="cid">The CID of the top shard.</param>
/// <param name="cumulativeSize">Bytes of all blocks below, repeats counted.</param>
/// <param name="form">How it is built.</param>
/// <param name="root">The top shard; null when blocks are not wanted.</param>
/// <param name="entries">What it holds, in the order of names; null when blocks are not wanted.</param>
internal sealed class ShardedDirectoryNode(Cid cid, long cumulativeSize, HamtForm form, HamtShard? root, DirectoryEntry[]? entries) : DagNode(cid, cumulativeSize)
{
    public override DagEntryKind Kind => DagEntryKind.Directory;

    public override IEnumerable<(string Name, DagNode Node)> Entries => Kept(entries).Select(entry => (entry.Text, entry.Node));

    public override DagStep Root => Step(Kept(root));

    private DagStep Step(HamtShard shard) =>
        new(new HamtShardBlock(shard, form), shard.Slots.Select(slot => slot.Shard is { } below ? Step(below) : slot.Entry.Node.Root));

    private static T Kept<T>(T? value)
        where T : class => value ?? throw new InvalidOperationException("the blocks were not kept");
}
