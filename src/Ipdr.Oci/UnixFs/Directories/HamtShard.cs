using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Directories;

/// <summary>A block of a sharded directory.</summary>
/// <param name="Cid">The block's CID.</param>
/// <param name="Length">Bytes of the block.</param>
/// <param name="CumulativeSize">Bytes of all blocks at and below it, repeats counted.</param>
/// <param name="Slots">The buckets that are used, in order.</param>
/// <param name="Metadata">What the directory carries; only the top shard has any.</param>
internal sealed record HamtShard(Cid Cid, int Length, long CumulativeSize, HamtSlot[] Slots, UnixFsMetadata Metadata);
