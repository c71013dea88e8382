namespace Ipdr.Oci.Tar;

/// <summary>Where in a sparse file the reading stands.</summary>
internal sealed class SparseBody(IReadOnlyList<SparseSegment> segments, long size)
{
    private int _next;
    private long _position;

    /// <summary>Bytes of the file that are not stored.</summary>
    public long HoleBytes { get; } = size - segments.Sum(segment => segment.Length);

    /// <summary>Bytes until hole and data change next, or the file ends.</summary>
    public long NextRun(out bool isHole)
    {
        while (_next < segments.Count && _position >= segments[_next].End)
            _next++;
        isHole = _next == segments.Count || _position < segments[_next].Offset;
        long end = _next == segments.Count ? size : isHole ? segments[_next].Offset : segments[_next].End;
        return end - _position;
    }

    public void Advance(int count) => _position += count;
}
