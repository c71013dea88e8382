namespace Ipdr.Oci.Tar;

/// <summary>The stored pieces of a sparse file, in ascending order, none overlapping another (GNU tar manual, "Sparse Formats").</summary>
internal sealed class SparseMap
{
    private readonly List<SparseSegment> _segments = [];
    private long _end;
    private long _stored;

    public IReadOnlyList<SparseSegment> Segments => _segments;

    /// <summary>Appends a piece; false if it is none that can follow those before it.</summary>
    public bool TryAdd(long offset, long length)
    {
        if (offset < _end || length < 0 || length > long.MaxValue - offset)
            return false;
        _end = offset + length;
        _stored += length;
        // GNU tar marks a hole at the end by an empty piece.
        if (length > 0)
            _segments.Add(new SparseSegment(offset, length));
        return true;
    }

    /// <summary>Whether the pieces lie within a file of <paramref name="size"/> bytes and are <paramref name="stored"/> bytes together.</summary>
    public bool Fits(long size, long stored) => _end <= size && _stored == stored;
}
