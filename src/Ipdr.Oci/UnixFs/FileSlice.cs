namespace Ipdr.Oci.UnixFs;

/// <summary>A part of a file on the disk.</summary>
/// <param name="Path">The file.</param>
/// <param name="Offset">Where the part begins, in bytes.</param>
/// <param name="Length">Bytes of the part.</param>
public readonly record struct FileSlice(string Path, long Offset, int Length);
