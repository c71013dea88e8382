using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Files;

/// <summary>The nodes of a file: their digests are kept, all else follows from the file's length.</summary>
/// <param name="form">How files of the profile are built.</param>
/// <param name="content">Where the content is read again.</param>
/// <param name="metadata">What the root carries.</param>
/// <param name="digests">The digests of each level below the root, leaves first; empty when the root is the only leaf.</param>
internal sealed class FileTree(FileForm form, FileContent content, UnixFsMetadata metadata, DigestList[] digests)
{
    public FileForm Form => form;

    public FileContent Content => content;

    /// <summary>The same nodes, their content at another place.</summary>
    public FileTree At(FileContent place) => new(form, place, metadata, digests);

    /// <summary>The root's block, and from there all others.</summary>
    public DagStep Root(Cid cid, NodeShape shape)
    {
        if (digests.Length == 0)
            return new DagStep(new FileLeafBlock(cid, shape, this, 0, metadata, cid.Codec == Multicodec.Raw), []);
        FileLevel[] levels = form.Levels(shape.FileBytes, metadata);
        return Inner(levels, levels.Length - 1, 0, cid);
    }

    /// <summary>Writes the block of an inner node.</summary>
    public void Write(FileLevel[] levels, int height, long index, Span<byte> block)
    {
        FileLevel below = levels[height - 1];
        (long first, int count) = ChildrenOf(below, index);
        bool atEnd = first + count == below.Count;
        bool isRoot = height == levels.Length - 1;
        form.WriteInner(block, height, digests[height - 1].Slice(first, count), below.Full, atEnd ? below.Last : below.Full, isRoot ? metadata : default);
    }

    private DagStep Inner(FileLevel[] levels, int height, long index, Cid cid) =>
        new(new FileInnerBlock(cid, levels[height][index].BlockLength, this, levels, height, index), Children(levels, height, index));

    private IEnumerable<DagStep> Children(FileLevel[] levels, int height, long index)
    {
        FileLevel below = levels[height - 1];
        (long first, int count) = ChildrenOf(below, index);
        for (long child = first; child < first + count; child++)
        {
            Cid cid = form.CidsAt(height - 1).Of(digests[height - 1].Slice(child, 1));
            yield return height > 1
                ? Inner(levels, height - 1, child, cid)
                : new DagStep(new FileLeafBlock(cid, below[child], this, child * form.ChunkSize, default, form.RawLeaves), []);
        }
    }

    private (long First, int Count) ChildrenOf(FileLevel below, long index) =>
        (index * form.Width, (int)Math.Min(form.Width, below.Count - index * form.Width));
}
