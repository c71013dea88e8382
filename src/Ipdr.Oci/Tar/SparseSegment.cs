namespace Ipdr.Oci.Tar;

/// <summary>A piece of a sparse file that is stored: everything between the pieces is zeros.</summary>
internal readonly record struct SparseSegment(long Offset, long Length)
{
    public long End => Offset + Length;
}
