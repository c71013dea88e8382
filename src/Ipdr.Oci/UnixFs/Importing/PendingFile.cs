namespace Ipdr.Oci.UnixFs.Importing;

/// <summary>A file that waits to be read.</summary>
internal sealed record PendingFile(PendingDirectory Directory, byte[] Name, string Path, UnixFsMetadata Metadata);
