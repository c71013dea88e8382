namespace Ipdr.Oci.UnixFs;

/// <summary>What a file or directory may carry besides its content (unixfs, "Metadata"). <c>default</c> is nothing.</summary>
/// <param name="Mode">The lowest 12 bits of the POSIX mode; 0 is not written.</param>
/// <param name="Mtime">When the content was last changed; null is not written.</param>
internal readonly record struct UnixFsMetadata(uint Mode, UnixTime? Mtime)
{
    public bool IsEmpty => Mode == 0 && Mtime is null;
}
