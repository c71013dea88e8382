using System.Runtime.CompilerServices;
using System.Text;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>Entries of directories, whether they are one block or sharded.</summary>
internal sealed class DirectoryReader(NodeReader nodes)
{
    /// <summary>All entries, in the order in which they are stored.</summary>
    /// <param name="directory">A directory; it stays the caller's.</param>
    /// <param name="cancellationToken">Gives up the waiting.</param>
    /// <exception cref="Faults.IpdrException">A shard cannot be read, or a name may not be used, or is there twice.</exception>
    public IAsyncEnumerable<NamedLink> ListAsync(UnixFsNode directory, CancellationToken cancellationToken) => directory.Type == UnixFsType.HamtShard
        ? ListShardAsync(directory, new ShardPlace(directory.Fanout, 0, 0), depth: 1, cancellationToken)
        : ListFlatAsync(directory);

    /// <summary>The entry of that name, or null.</summary>
    /// <param name="directory">A directory; it stays the caller's.</param>
    /// <param name="name">One part of a path.</param>
    /// <param name="cancellationToken">Gives up the waiting.</param>
    public async ValueTask<Cid?> FindAsync(UnixFsNode directory, string name, CancellationToken cancellationToken)
    {
        if (directory.Type == UnixFsType.HamtShard)
            return await FindInShardAsync(directory, Encoding.UTF8.GetBytes(name), cancellationToken).ConfigureAwait(false);
        await foreach (NamedLink entry in ListFlatAsync(directory).ConfigureAwait(false))
        {
            if (entry.Name == name)
                return entry.Cid;
        }
        return null;
    }

#pragma warning disable CS1998 // Nothing to wait for: the block is at hand. Both kinds of directory are listed in one way.
    private static async IAsyncEnumerable<NamedLink> ListFlatAsync(UnixFsNode directory)
#pragma warning restore CS1998
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        for (int i = 0; i < directory.Links.Length; i++)
        {
            NamedLink entry = new(EntryName.Read(directory.Cid, directory.NameOf(directory.Links[i])), directory.Links[i].Cid);
            if (!names.Add(entry.Name))
                throw DagFaults.Duplicate(directory.Cid, entry.Name);
            yield return entry;
        }
    }

    // No name can be there twice: it would be in one bucket, and a bucket holds one link.
    private async IAsyncEnumerable<NamedLink> ListShardAsync(
        UnixFsNode shard, ShardPlace place, int depth, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int previous = -1;
        for (int i = 0; i < shard.Links.Length; i++)
        {
            string? name = ReadLink(shard, i, place, ref previous);
            if (name is not null)
            {
                yield return new NamedLink(name, shard.Links[i].Cid);
                continue;
            }
            using UnixFsNode child = await ReadShardAsync(shard, i, place, depth, cancellationToken).ConfigureAwait(false);
            await foreach (NamedLink entry in ListShardAsync(child, place.Below(previous), depth + 1, cancellationToken).ConfigureAwait(false))
                yield return entry;
        }
    }

    private async ValueTask<Cid?> FindInShardAsync(UnixFsNode directory, byte[] name, CancellationToken cancellationToken)
    {
        ShardPlace place = new(directory.Fanout, 0, 0);
        UnixFsNode shard = directory;
        try
        {
            for (int depth = 1; ; depth++)
            {
                int wanted = place.BucketOf(name), link = FindBucket(shard, place, wanted);
                if (link < 0)
                    return null;
                ReadOnlySpan<byte> entry = place.Read(shard.Cid, shard.NameOf(shard.Links[link]), out _);
                if (!entry.IsEmpty)
                    return entry.SequenceEqual(name) ? shard.Links[link].Cid : null;
                UnixFsNode child = await ReadShardAsync(shard, link, place, depth, cancellationToken).ConfigureAwait(false);
                if (shard != directory)
                    shard.Dispose();
                (shard, place) = (child, place.Below(wanted));
            }
        }
        finally
        {
            if (shard != directory)
                shard.Dispose();
        }
    }

    private static int FindBucket(UnixFsNode shard, ShardPlace place, int wanted)
    {
        int previous = -1;
        for (int i = 0; i < shard.Links.Length; i++)
        {
            _ = ReadLink(shard, i, place, ref previous);
            if (previous == wanted)
                return i;
        }
        return -1;
    }

    // The name of an entry, or null where another shard is linked to.
    private static string? ReadLink(UnixFsNode shard, int index, ShardPlace place, ref int previous)
    {
        ReadOnlySpan<byte> name = place.Read(shard.Cid, shard.NameOf(shard.Links[index]), out int bucket);
        if (bucket <= previous || !IsMarked(shard.Data.Span, bucket))
            throw DagFaults.BadNode(shard.Cid, "the links of a shard are not those of its marked buckets, in their order");
        previous = bucket;
        return name.IsEmpty ? null : EntryName.Read(shard.Cid, name);
    }

    // The bits are a number whose most significant byte comes first, without leading zeros.
    private static bool IsMarked(ReadOnlySpan<byte> bitfield, int bucket) =>
        bucket / 8 < bitfield.Length && (bitfield[^((bucket / 8) + 1)] & (1 << (bucket % 8))) != 0;

    private async ValueTask<UnixFsNode> ReadShardAsync(UnixFsNode parent, int link, ShardPlace place, int depth, CancellationToken cancellationToken)
    {
        Cid cid = parent.Links[link].Cid;
        if (depth >= nodes.Limits.MaxNodeDepth)
            throw DagFaults.Limit(DagFaults.Place(cid), "shards are nested too deep", nameof(DagLimits.MaxNodeDepth), nodes.Limits.MaxNodeDepth);
        UnixFsNode shard = await nodes.ReadAsync(cid, cancellationToken).ConfigureAwait(false);
        // A shard without entries would let a few blocks stand for any number of them.
        if (shard.Type == UnixFsType.HamtShard && shard.Fanout == place.Fanout && shard.Links.Length > 0)
            return shard;
        shard.Dispose();
        throw DagFaults.BadNode(cid, $"it should be a shard of {place.Fanout} buckets with something in it");
    }
}
