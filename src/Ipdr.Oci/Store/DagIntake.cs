using System.Buffers;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Store;

/// <summary>Finds out of a foreign DAG which of its blocks are parts of blobs that are here, and gathers the others.</summary>
/// <param name="source">Where the DAG's blocks are.</param>
/// <param name="findBlob">Finds a blob that is here.</param>
/// <param name="findCid">The CID of a blob whose blocks are entered already; null where they are not.</param>
internal sealed class DagIntake(IBlockSource source, Func<Digest, FileBlob?> findBlob, Func<Digest, Cid?> findCid)
{
    // Directories and indexes of an image are some kilobytes, the nodes above a layer of 100 GiB some ten megabytes.
    private const long MaxNodeBytes = 64 << 20;

    private readonly NodeReader _nodes = new(source, new DagLimits());
    private readonly Dictionary<Multihash, byte[]> _kept = [];
    private readonly Dictionary<Multihash, BlockPlace> _places = [];
    private readonly HashSet<Digest> _blobs = [];
    private readonly HashSet<Multihash> _seen = [];
    private long _bytes;

    /// <summary>Blocks that are in no blob.</summary>
    public IReadOnlyList<(Multihash Hash, byte[] Content)> Nodes => [.. _kept.Select(pair => (pair.Key, pair.Value))];

    /// <summary>The blobs that are here and in the DAG.</summary>
    public IReadOnlyCollection<Digest> Blobs => _blobs;

    /// <summary>Blocks that are parts of blobs.</summary>
    public IReadOnlyList<(Multihash Hash, BlockPlace Place)> Places => [.. _places.Select(pair => (pair.Key, pair.Value))];

    /// <summary>Goes through the whole DAG.</summary>
    /// <exception cref="IpdrException">A block is missing, wrong or malformed, or there is too much that is in no blob.</exception>
    public Task TakeAsync(Cid root, CancellationToken cancellationToken) => TakeAsync(root, "", "", isSubShard: false, 0, cancellationToken);

    private async Task TakeAsync(Cid cid, string folder, string name, bool isSubShard, int depth, CancellationToken cancellationToken)
    {
        if (cid.Hash.Code == MultihashCode.Identity)
            return;
        if (depth > _nodes.Limits.MaxNodeDepth)
            throw DagFaults.Limit(DagFaults.Place(cid), "the DAG is nested too deep", nameof(DagLimits.MaxNodeDepth), _nodes.Limits.MaxNodeDepth);
        if (BlobOf(folder, name) is { } blob)
        {
            _blobs.Add(blob.Digest);
            // The same rules as here: every block of it is known by name.
            if (findCid(blob.Digest) == cid)
                return;
            await TakeFileAsync(cid, blob, 0, blob.Size, 0, cancellationToken).ConfigureAwait(false);
            return;
        }
        if (!_seen.Add(cid.Hash))
            return;
        using UnixFsNode node = await _nodes.ReadAsync(cid, cancellationToken).ConfigureAwait(false);
        Keep(node);
        string below = node.Kind != DagEntryKind.Directory ? "" : isSubShard ? folder : $"{folder}/{name}";
        foreach ((Cid child, string childName) in Children(node))
            await TakeAsync(child, below, childName, node.Type == UnixFsType.HamtShard, depth + 1, cancellationToken).ConfigureAwait(false);
    }

    // In a shard a name begins with the number of its bucket, which no digest does.
    private static (Cid Child, string Name)[] Children(UnixFsNode node)
    {
        (Cid, string)[] children = new (Cid, string)[node.Links.Length];
        for (int i = 0; i < children.Length; i++)
            children[i] = (node.Links[i].Cid, System.Text.Encoding.UTF8.GetString(node.NameOf(node.Links[i])));
        return children;
    }

    // blobs/sha256:HEX, manifests/sha256:HEX, blobs/sha256/HEX; in shards with two digits before.
    private FileBlob? BlobOf(string folder, string name)
    {
        const int BucketDigits = 2;
        string parent = name.Contains(':', StringComparison.Ordinal) ? "" : folder[(folder.LastIndexOf('/') + 1)..] + ":";
        foreach (string text in new[] { name, name[Math.Min(name.Length, BucketDigits)..] })
        {
            if (Digest.TryParse(parent + text, null, out Digest digest) && findBlob(digest) is { } blob)
                return blob;
        }
        return null;
    }

    private async Task TakeFileAsync(Cid cid, FileBlob blob, long start, long length, int depth, CancellationToken cancellationToken)
    {
        if (cid.Hash.Code == MultihashCode.Identity || !_seen.Add(cid.Hash))
            return;
        if (depth > _nodes.Limits.MaxNodeDepth)
            throw DagFaults.Limit(DagFaults.Place(cid), "the nodes of a file are nested too deep", nameof(DagLimits.MaxNodeDepth), _nodes.Limits.MaxNodeDepth);
        if (cid.Codec == Multicodec.Raw)
        {
            await TakeLeafAsync(cid, new BlockPlace(blob.Digest, start, checked((int)Math.Min(length, _nodes.Limits.MaxBlockBytes))), blob, cancellationToken).ConfigureAwait(false);
            return;
        }
        using UnixFsNode node = await _nodes.ReadAsync(cid, cancellationToken).ConfigureAwait(false);
        if (node.Kind != DagEntryKind.File || node.FileSize != length)
            throw DagFaults.BadNode(cid, $"it should be a file of {length} bytes, as the blob {blob.Digest} is");
        if (node.Links.Length == 0 && node.Data.Length > 0)
        {
            await TakeLeafAsync(cid, Wrapped(node, blob, start), blob, cancellationToken).ConfigureAwait(false);
            return;
        }
        Keep(node);
        long position = start + node.Data.Length;
        Cid[] children = [.. Children(node).Select(child => child.Child)];
        for (int i = 0; i < children.Length; position += node.BlockSizes[i++])
            await TakeFileAsync(children[i], blob, position, node.BlockSizes[i], depth + 1, cancellationToken).ConfigureAwait(false);
    }

    private static BlockPlace Wrapped(UnixFsNode node, FileBlob blob, long start)
    {
        (byte[] head, byte[] tail) = node.Surroundings();
        return new BlockPlace(blob.Digest, start, node.Data.Length, head, tail);
    }

    // A DAG may call a file by a digest that it does not have: only what the blob really holds is entered.
    private async Task TakeLeafAsync(Cid cid, BlockPlace place, FileBlob blob, CancellationToken cancellationToken)
    {
        using BlockBuffer block = new(place.BlockLength);
        place.Head.CopyTo(block.Memory);
        place.Tail.CopyTo(block.Memory[^(place.Tail?.Length ?? 0)..]);
        Stream content = await blob.OpenAsync(place.Start, cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
            await content.ReadExactlyAsync(block.Memory.Slice(place.Head?.Length ?? 0, place.Length), cancellationToken).ConfigureAwait(false);
        if (!cid.Hash.IsVerifiable)
            throw DagFaults.Unverifiable(cid);
        if (!cid.Hash.Matches(block.Memory.Span))
            throw DagFaults.Mismatch(cid, Multihash.OfContent(cid.Hash.Code, block.Memory.Span));
        _places[cid.Hash] = place;
    }

    private void Keep(UnixFsNode node)
    {
        byte[] content = node.Block.ToArray();
        _bytes += content.Length;
        if (_bytes > MaxNodeBytes)
            throw DagFaults.Limit(DagFaults.Place(node.Cid), "the DAG has too much beside the blobs of the image", nameof(MaxNodeBytes), MaxNodeBytes);
        _kept[node.Cid.Hash] = content;
    }
}
