namespace Ipdr.Oci.Folders;

/// <summary>What a name in a folder stands for.</summary>
internal enum FolderEntryKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder whose content is listed too.</summary>
    Folder,

    /// <summary>A symbolic link; never followed.</summary>
    SymbolicLink,

    /// <summary>A FIFO, device or socket; never opened.</summary>
    Special,

    /// <summary>A folder whose content cannot be listed.</summary>
    Unreadable,
}
