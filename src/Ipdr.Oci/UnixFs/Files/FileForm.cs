using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.DagPb;

namespace Ipdr.Oci.UnixFs.Files;

/// <summary>How the files of one profile are built: chunks of one size are the leaves of a balanced tree (unixfs, "Importing").</summary>
internal sealed class FileForm(UnixFsProfile profile)
{
    /// <summary>The CIDs of all nodes that are no raw leaves.</summary>
    public CidForm Nodes { get; } = new(profile.CidVersion, Multicodec.DagPb, profile.Hash);

    /// <summary>The CIDs of leaves.</summary>
    public CidForm Leaves { get; } = profile.RawLeaves ? new(1, Multicodec.Raw, profile.Hash) : new(profile.CidVersion, Multicodec.DagPb, profile.Hash);

    public bool RawLeaves => profile.RawLeaves;

    public MultihashCode Hash => profile.Hash;

    public int DigestLength => Nodes.DigestLength;

    public int ChunkSize => profile.ChunkSize;

    public int Width => profile.MaxFileLinks;

    /// <summary>The CIDs of the nodes at one height; leaves have height 0.</summary>
    public CidForm CidsAt(int height) => height == 0 ? Leaves : Nodes;

    /// <summary>The shape of a leaf with this many bytes of content.</summary>
    public NodeShape Leaf(int length)
    {
        int block = profile.RawLeaves ? length : WrappedLength(length, default);
        return new NodeShape(length, block, block);
    }

    /// <summary>The shape of a node with these children.</summary>
    public NodeShape Inner(int height, int children, NodeShape full, NodeShape last, UnixFsMetadata metadata)
    {
        int cid = CidsAt(height - 1).Length;
        int links = (children - 1) * DagPbWriter.LinkLength(cid, 0, full.CumulativeSize) + DagPbWriter.LinkLength(cid, 0, last.CumulativeSize);
        int block = links + DagPbWriter.DataLength(UnixFsData.InnerLength(children, full.FileBytes, last.FileBytes, metadata));
        long below = (children - 1) * full.CumulativeSize + last.CumulativeSize;
        return new NodeShape((children - 1) * full.FileBytes + last.FileBytes, block, block + below);
    }

    /// <summary>Writes the block of a node with these children, whose digests lie one behind the other.</summary>
    public void WriteInner(Span<byte> block, int height, ReadOnlySpan<byte> digests, NodeShape full, NodeShape last, UnixFsMetadata metadata)
    {
        CidForm cids = CidsAt(height - 1);
        int children = digests.Length / cids.DigestLength;
        ProtobufWriter writer = new(block);
        for (int i = 0; i < children; i++)
        {
            long size = i == children - 1 ? last.CumulativeSize : full.CumulativeSize;
            cids.Write(digests.Slice(i * cids.DigestLength, cids.DigestLength), DagPbWriter.StartLink(ref writer, cids.Length, 0, size));
            DagPbWriter.EndLink(ref writer, [], size);
        }
        DagPbWriter.StartData(ref writer, UnixFsData.InnerLength(children, full.FileBytes, last.FileBytes, metadata));
        UnixFsData.WriteInner(ref writer, children, full.FileBytes, last.FileBytes, metadata);
    }

    /// <summary>Bytes of a node that holds content itself.</summary>
    public static int WrappedLength(int length, UnixFsMetadata metadata) => DagPbWriter.DataLength(UnixFsData.LeafLength(length, metadata));

    /// <summary>Where in such a node the content begins.</summary>
    public static int WrappedOffset(int length, UnixFsMetadata metadata) =>
        WrappedLength(length, metadata) - length - UnixFsData.LeafTailLength(length, metadata);

    /// <summary>Writes a node around the content that is in its place already.</summary>
    public static void Wrap(Span<byte> block, int length, UnixFsMetadata metadata)
    {
        ProtobufWriter writer = new(block);
        DagPbWriter.StartData(ref writer, UnixFsData.LeafLength(length, metadata));
        UnixFsData.WriteLeafHead(ref writer, length);
        writer.Take(length);
        UnixFsData.WriteLeafTail(ref writer, length, metadata);
    }

    /// <summary>The levels of a file of this length, leaves first; the last has one node, the root.</summary>
    public FileLevel[] Levels(long length, UnixFsMetadata metadata)
    {
        long leaves = Math.Max(1, (length + ChunkSize - 1) / ChunkSize);
        List<FileLevel> levels = [new FileLevel(leaves, Leaf(ChunkSize), Leaf((int)(length - (leaves - 1) * ChunkSize)))];
        while (levels[^1] is { Count: > 1 } below)
        {
            int height = levels.Count;
            long count = (below.Count + Width - 1) / Width;
            int lastChildren = (int)(below.Count - (count - 1) * Width);
            NodeShape full = count == 1 ? default : Inner(height, Width, below.Full, below.Full, default);
            levels.Add(new FileLevel(count, full, Inner(height, lastChildren, below.Full, below.Last, count == 1 ? metadata : default)));
        }
        return [.. levels];
    }
}
