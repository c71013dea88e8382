namespace Ipdr.Oci.Folders;

/// <summary>One name in a folder or below it.</summary>
/// <param name="Path">From the folder on, with slashes.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Bytes of a file.</param>
internal sealed record FolderEntry(string Path, FolderEntryKind Kind, long Size)
{
    /// <summary>Where a link leads, as written.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>The same for two names of one file; null where the system does not tell.</summary>
    public (ulong Device, ulong Inode)? Identity { get; init; }
}
