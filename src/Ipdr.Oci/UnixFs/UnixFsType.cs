namespace Ipdr.Oci.UnixFs;

/// <summary>What a node is (unixfs, "Data Format", field 1).</summary>
internal enum UnixFsType
{
    /// <summary>Content of a file, as older writers mark leaves.</summary>
    Raw = 0,

    /// <summary>A directory in one block.</summary>
    Directory = 1,

    /// <summary>A file, or a part of one.</summary>
    File = 2,

    /// <summary>Obsolete; nobody writes it.</summary>
    Metadata = 3,

    /// <summary>A symbolic link.</summary>
    Symlink = 4,

    /// <summary>A part of a directory that is too large for one block.</summary>
    HamtShard = 5,
}
