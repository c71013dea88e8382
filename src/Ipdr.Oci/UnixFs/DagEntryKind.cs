namespace Ipdr.Oci.UnixFs;

/// <summary>What a name in a DAG stands for.</summary>
public enum DagEntryKind
{
    /// <summary>A file.</summary>
    File,

    /// <summary>A directory, sharded or not.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Symlink,
}
