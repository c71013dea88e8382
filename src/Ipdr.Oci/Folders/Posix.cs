using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Folders;

/// <summary>What durable, shared files need and .NET does not offer.</summary>
internal static partial class Posix
{
    private const int OpenReadOnly = 0;

    // SYNC_FILE_RANGE_WRITE
    private const uint BeginOnly = 2;

    /// <summary>Gives a file a second name on the same volume; false where that cannot be done.</summary>
    public static bool TryHardLink(string existing, string name) => !OperatingSystem.IsWindows() && Link(existing, name) == 0;

    /// <summary>Makes the names in a folder outlive a power failure. Elsewhere than on Unix the file system sees to it.</summary>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = Open(path, OpenReadOnly);
        if (descriptor < 0)
            return;
        _ = Sync(descriptor);
        _ = Close(descriptor);
    }

    /// <summary>Lets the system begin to bring a part of a file to the disk. It does not wait, and promises nothing; elsewhere than on Linux it does nothing.</summary>
    public static void BeginWriting(SafeFileHandle file, long offset, long length)
    {
        if (OperatingSystem.IsLinux())
            _ = SyncRange(file, offset, length, BeginOnly);
    }

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
