namespace Ipdr.Oci.UnixFs.Importing;

/// <summary>What can stand in a file system.</summary>
internal enum SourceKind
{
    File,
    Directory,
    Symlink,

    /// <summary>A device, a socket, a FIFO: nothing that has content of its own.</summary>
    Other,
}
