namespace Ipdr.Oci.UnixFs.Directories;

/// <summary>The block of a shard of a directory.</summary>
internal sealed class HamtShardBlock(HamtShard shard, HamtForm form) : DagBlock(shard.Cid, shard.Length)
{
    private protected override ValueTask FillAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        form.Write(destination.Span, shard.Slots, shard.Metadata);
        return ValueTask.CompletedTask;
    }
}
