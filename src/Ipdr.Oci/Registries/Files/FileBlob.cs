using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Registries.Files;

/// <summary>A blob that is a file, or a part of one.</summary>
/// <param name="digest">Its name.</param>
/// <param name="size">Its size in bytes.</param>
/// <param name="path">The file that holds it.</param>
/// <param name="offset">Where in the file it starts, in bytes.</param>
public sealed class FileBlob(Digest digest, long size, string path, long offset = 0) : RegistryBlob(digest, size)
{
    /// <summary>The file that holds it.</summary>
    public string Path { get; } = path;

    /// <summary>Where in the file it starts, in bytes.</summary>
    public long Offset { get; } = offset;

    /// <inheritdoc/>
    /// <remarks>The bytes are handed out as they are: who needs to be sure reads them through a <see cref="VerifyingStream"/>.</remarks>
    public override ValueTask<Stream> OpenAsync(long offset = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Size);
        try
        {
            return new(new FilePartStream(Path, Offset + offset, Size - offset));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IpdrException(new Fault(FaultCode.Io, "it may not be read", Path, "Check the rights on it."), e);
        }
    }
}
