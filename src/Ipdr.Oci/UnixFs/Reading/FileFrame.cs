namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>A node on the way from the top of a file to a place in it.</summary>
/// <param name="node">The node.</param>
/// <param name="start">Where its first byte is in the file.</param>
internal sealed class FileFrame(UnixFsNode node, long start)
{
    private int _child;
    private long _childStart = start + node.Data.Length;

    public UnixFsNode Node => node;

    /// <summary>Where the node's first byte is in the file.</summary>
    public long Start => start;

    /// <summary>Where the node's own bytes end.</summary>
    public long DataEnd => start + node.Data.Length;

    public bool Covers(long position) => position >= start && position - start < node.FileSize;

    /// <summary>The child with the byte at a position that the node covers, and where that child begins.</summary>
    public (int Index, long Start) ChildAt(long position)
    {
        if (position < _childStart)
            (_child, _childStart) = (0, DataEnd);
        while (position - _childStart >= node.BlockSizes[_child])
            _childStart += node.BlockSizes[_child++];
        return (_child, _childStart);
    }
}
