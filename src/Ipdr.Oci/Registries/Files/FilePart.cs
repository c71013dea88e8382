namespace Ipdr.Oci.Registries.Files;

/// <summary>Where content lies on the disk.</summary>
/// <param name="Path">The file.</param>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct FilePart(string Path, long Offset, long Length)
{
    /// <summary>All of a file; null if there is none.</summary>
    public static FilePart? OfFile(string path) => new FileInfo(path) is { Exists: true, Length: var length } ? new FilePart(path, 0, length) : null;
}
