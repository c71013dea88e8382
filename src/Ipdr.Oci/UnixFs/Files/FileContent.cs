namespace Ipdr.Oci.UnixFs.Files;

/// <summary>Where the content of a file can be read again.</summary>
internal abstract class FileContent
{
    /// <summary>For messages, and for those who read the file themselves where it is one.</summary>
    public abstract string Name { get; }

    /// <summary>The file on the disk; null for content in memory.</summary>
    public virtual string? Path => null;

    /// <summary>Reads bytes at a position until <paramref name="destination"/> is full.</summary>
    /// <exception cref="Faults.IpdrException">The content cannot be read, or is shorter now.</exception>
    public abstract ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken);
}
