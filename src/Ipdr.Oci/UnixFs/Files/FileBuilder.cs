using System.Buffers;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Files;

/// <summary>Makes the tree of one file of its leaves, which come in order. Not safe for several threads.</summary>
/// <param name="form">How files of the profile are built.</param>
/// <param name="keep">Keep the digests of all nodes, so that the blocks can be had later; else memory does not grow with the file.</param>
internal sealed class FileBuilder(FileForm form, bool keep)
{
    private readonly List<Level> _levels = [new Level(form, 0, default)];
    private readonly List<DigestList> _kept = [];
    private NodeShape _lastLeaf;

    /// <summary>Leaves so far.</summary>
    public long Leaves { get; private set; }

    /// <summary>Adds the next leaf. Only the last may have less content than a whole chunk.</summary>
    /// <param name="digest">The digest of the leaf's block.</param>
    /// <param name="length">Bytes of the file's content in it.</param>
    public void AddLeaf(ReadOnlySpan<byte> digest, int length)
    {
        _lastLeaf = form.Leaf(length);
        Leaves++;
        Push(0, digest);
    }

    /// <summary>Completes the tree.</summary>
    /// <param name="content">Where the content can be read again; null when blocks are not kept.</param>
    /// <param name="metadata">What the root carries. A raw leaf cannot carry any: such a file is not made here.</param>
    public FileNode Finish(FileContent? content, UnixFsMetadata metadata)
    {
        NodeShape last = _lastLeaf;
        // A node where none has been yet, made of all that is left, is the root.
        for (int height = 1; height < _levels.Count || _levels[height - 1].Count > 1; height++)
            last = Close(height, last, height == _levels.Count ? metadata : default);
        Level top = _levels[^1];
        Cid root = form.CidsAt(_levels.Count - 1).Of(top.Digests);
        return new FileNode(root, last, content is null ? null : new FileTree(form, content, metadata, Kept()));
    }

    private void Push(int height, ReadOnlySpan<byte> digest)
    {
        if (height == _levels.Count)
            _levels.Add(new Level(form, height, form.Inner(height, form.Width, _levels[^1].Full, _levels[^1].Full, default)));
        Level level = _levels[height];
        // A full level is closed only when another node comes: a file of as many nodes as fit has no level above it.
        if (level.Count == form.Width)
            Close(height + 1, level.Full, default);
        level.Add(digest);
        if (keep)
            Keep(height, digest);
    }

    // Makes one node of all that waits below it.
    private NodeShape Close(int height, NodeShape last, UnixFsMetadata metadata)
    {
        Level below = _levels[height - 1];
        NodeShape shape = form.Inner(height, below.Count, below.Full, last, metadata);
        byte[] block = ArrayPool<byte>.Shared.Rent(shape.BlockLength);
        form.WriteInner(block, height, below.Digests, below.Full, last, metadata);
        Multihash hash = Multihash.OfContent(form.Hash, block.AsSpan(0, shape.BlockLength));
        ArrayPool<byte>.Shared.Return(block);
        below.Clear();
        Push(height, hash.Digest);
        return shape;
    }

    private void Keep(int height, ReadOnlySpan<byte> digest)
    {
        if (height == _kept.Count)
            _kept.Add(new DigestList(form.DigestLength));
        _kept[height].Add(digest);
    }

    // The root's digest is the CID, which is known.
    private DigestList[] Kept()
    {
        DigestList[] below = [.. _kept.Take(_levels.Count - 1)];
        foreach (DigestList level in below)
            level.Trim();
        return below;
    }

    /// <summary>Nodes of one height that wait for their parent.</summary>
    private sealed class Level(FileForm form, int height, NodeShape full)
    {
        private readonly ArrayBufferWriter<byte> _digests = new(form.DigestLength);

        /// <summary>The shape of all nodes of this height but the last.</summary>
        public NodeShape Full { get; } = height == 0 ? form.Leaf(form.ChunkSize) : full;

        public int Count { get; private set; }

        public ReadOnlySpan<byte> Digests => _digests.WrittenSpan;

        public void Add(ReadOnlySpan<byte> digest)
        {
            _digests.Write(digest);
            Count++;
        }

        public void Clear()
        {
            _digests.ResetWrittenCount();
            Count = 0;
        }
    }
}
