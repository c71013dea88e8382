using Ipdr.Oci.Faults;
using Ipdr.Oci.Folders;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries.Files;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Sources;

/// <summary>A folder in which each blob is a file. Links in it are not followed.</summary>
/// <param name="path">The folder.</param>
/// <param name="place">What messages call it.</param>
internal sealed class SourceFolder(string path, string place)
{
    private readonly FolderTree _folder = new(path);

    /// <summary>Opens a file by its path from the folder on; null if there is none.</summary>
    /// <exception cref="IpdrException">It cannot be opened; <see cref="FaultCode.Io"/>.</exception>
    public SafeFileHandle? Open(string relative)
    {
        try
        {
            return _folder.Open(relative);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, e.Message.TrimEnd('.'), $"{place}{Fault.PlaceSeparator}{relative}", "Check the folder and its permissions."), e);
        }
    }

    /// <summary>Opens the file of a blob, from an offset to its end.</summary>
    /// <exception cref="IpdrException">It is not there (<see cref="FaultCode.MissingBlob"/>), or cannot be opened.</exception>
    public Stream OpenBlob(Descriptor blob, string relative, long offset)
    {
        SafeFileHandle handle = Open(relative) ?? throw new IpdrException(SourceDocuments.Missing(blob, place));
        // One byte more than promised, so that who compares sees that there is more.
        return new OwnedFileStream(handle, offset, blob.Size + 1, ownsHandle: true);
    }

    /// <summary>The file of a blob, if it has the size that the descriptor says; else null.</summary>
    /// <exception cref="IpdrException">It cannot be opened; <see cref="FaultCode.Io"/>.</exception>
    public FileBlob? FindBlob(Descriptor blob, string relative)
    {
        using SafeFileHandle? handle = Open(relative);
        return handle is not null && RandomAccess.GetLength(handle) == blob.Size ? new FileBlob(blob.Digest, blob.Size, Path.Combine(path, relative)) : null;
    }
}
