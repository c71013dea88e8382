using Ipdr.Oci.Folders;

namespace Ipdr.Oci.Staging;

/// <summary>A folder of which one process at a time is the owner: who holds the file in it that is called <see cref="FileName"/>.</summary>
/// <remarks>The file goes with its holder, and while it is still locked. So whoever holds the file that is there has the folder, and nobody else.</remarks>
internal sealed class FolderLock : IDisposable
{
    /// <summary>What the file is called.</summary>
    public const string FileName = "lock";

    // EWOULDBLOCK, which .NET passes on in HResult. The holder may remove the file before anybody looks whether it is there.
    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;

    private readonly string _path;
    private readonly FileStream _file;

    private FolderLock(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>Takes a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="mode">Whether the file may, must or must not be there.</param>
    /// <returns>Null if another process has it, or has just taken the file or the folder away.</returns>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be made or written.</exception>
    public static FolderLock? TryTake(string folder, FileMode mode)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            FileStream file = new(path, mode, FileAccess.Write, FileShare.None, bufferSize: 0, OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
            // On Unix a file is opened first and locked then: in between its holder may have removed it, and somebody else made a new one.
            if (IsThere(file, path))
                return new FolderLock(path, file);
            file.Dispose();
            return null;
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException)
        {
            return null;
        }
        catch (IOException e) when (e.HResult is LockedOnLinux or LockedOnMac || File.Exists(path) || !Directory.Exists(folder))
        {
            return null;
        }
    }

    /// <summary>Removes all else that is in the folder, while nobody can take it for theirs.</summary>
    /// <exception cref="IOException">Something cannot be removed.</exception>
    public void Clear()
    {
        string folder = Path.GetDirectoryName(_path)!;
        foreach (string child in Directory.EnumerateDirectories(folder))
            Directory.Delete(child, recursive: true);
        foreach (string file in Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != FileName))
            File.Delete(file);
    }

    /// <summary>Lets go of the folder.</summary>
    public void Dispose()
    {
        // Windows removes it with its last handle, and not before.
        if (!OperatingSystem.IsWindows() && _file.CanWrite)
            File.Delete(_path);
        _file.Dispose();
    }

    private static bool IsThere(FileStream file, string path) => FileStatus.TryRead(file.SafeFileHandle, out FileStatus held)
        ? FileStatus.TryRead(path, out FileStatus there) && there.Identity == held.Identity
        : File.Exists(path);
}
