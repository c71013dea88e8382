using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Directories;

/// <summary>A used bucket of a shard: one entry, or a shard of all entries that fall into it.</summary>
internal readonly record struct HamtSlot(int Bucket, DirectoryEntry Entry, HamtShard? Shard)
{
    public Cid Cid => Shard?.Cid ?? Entry.Node.Cid;

    public long CumulativeSize => Shard?.CumulativeSize ?? Entry.Node.CumulativeSize;

    /// <summary>What follows the bucket's number in the name of the link: nothing for a shard.</summary>
    public ReadOnlySpan<byte> Name => Shard is null ? Entry.Name : [];
}
