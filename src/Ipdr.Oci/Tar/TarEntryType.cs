namespace Ipdr.Oci.Tar;

/// <summary>What a member is.</summary>
public enum TarEntryType
{
    /// <summary>A file with content (types <c>0</c>, NUL, <c>7</c>, and sparse files, which are expanded).</summary>
    RegularFile,

    /// <summary>Another name of a member before it (type <c>1</c>); the target is a path from the root of the archive.</summary>
    HardLink,

    /// <summary>A symbolic link (type <c>2</c>); the target is relative to the link's directory.</summary>
    SymbolicLink,

    /// <summary>A character device (type <c>3</c>).</summary>
    CharacterDevice,

    /// <summary>A block device (type <c>4</c>).</summary>
    BlockDevice,

    /// <summary>A directory (type <c>5</c>, or a regular member whose name ends in a slash, as v7 writes them).</summary>
    Directory,

    /// <summary>A named pipe (type <c>6</c>).</summary>
    Fifo,

    /// <summary>A type that is not known here; it may have content. <see cref="TarEntry.TypeFlag"/> tells which.</summary>
    Other,
}
