using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Folders;

/// <summary>Files of folders that are not trusted: looked at without being opened, opened without leaving the folder.</summary>
internal static partial class FolderAccess
{
    private const int OpenReadOnly = 0;
    private const int NoFollow = 0x100;                // AT_SYMLINK_NOFOLLOW, Linux
    private const int CurrentFolder = -100;            // AT_FDCWD, Linux
    private const uint BasicStatus = 0x7ff;            // STATX_BASIC_STATS
    private const int AccessDenied = 13;               // EACCES
    private const int NotPermitted = 1;                // EPERM
    private const int NoSuchFile = 2;                  // ENOENT

    // The flags of open(2) differ between systems, and on Linux between processors.
    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 or Architecture.Ppc64le;
    private static readonly int OpenFolder = OperatingSystem.IsMacOS() ? 0x100000 : IsArm ? 0x4000 : 0x10000;
    private static readonly int OpenNoFollow = OperatingSystem.IsMacOS() ? 0x100 : IsArm ? 0x8000 : 0x20000;
    private static readonly int OpenNonBlocking = OperatingSystem.IsMacOS() ? 0x4 : 0x800;
    private static readonly int OpenCloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>What a name stands for, links not followed; false where the system cannot tell without opening it.</summary>
    public static bool TryStatus(string path, out FileStatus status)
    {
        status = default;
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            return StatX(CurrentFolder, path, NoFollow, BasicStatus, out status) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    /// <summary>
    /// Opens a file for reading, part by part from the folder on, and follows no link on the way (the folder's own path may have some).
    /// A FIFO or device does not make it wait.
    /// </summary>
    /// <param name="folder">Where to start.</param>
    /// <param name="relative">Parts with <c>/</c> between them, none of them <c>..</c>.</param>
    /// <exception cref="IOException">There is no such file, or a part is a link.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SafeFileHandle OpenBeneath(string folder, string relative)
    {
        string[] parts = relative.Split('/');
        int descriptor = Opened(Open(folder, OpenReadOnly | OpenFolder | OpenCloseOnExec), folder);
        for (int i = 0; i < parts.Length; i++)
        {
            int how = OpenReadOnly | OpenNoFollow | OpenCloseOnExec | (i < parts.Length - 1 ? OpenFolder : OpenNonBlocking);
            int next = OpenAt(descriptor, parts[i], how), error = Marshal.GetLastPInvokeError();
            _ = Close(descriptor);
            Marshal.SetLastPInvokeError(error);
            descriptor = Opened(next, relative);
        }
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static int Opened(int descriptor, string path)
    {
        if (descriptor >= 0)
            return descriptor;
        int error = Marshal.GetLastPInvokeError();
        string message = Marshal.GetPInvokeErrorMessage(error);
        throw error switch
        {
            AccessDenied or NotPermitted => new UnauthorizedAccessException(message),
            NoSuchFile => new FileNotFoundException(message, path),
            _ => new IOException(message, error),
        };
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "openat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenAt(int folder, string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out FileStatus status);

    /// <summary>The part of <c>struct statx</c> that is looked at; its layout is the same on every processor.</summary>
    [StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 256)]
    public readonly struct FileStatus
    {
        private const int TypeMask = 0xF000;
        private const int RegularFile = 0x8000;
        private const int Folder = 0x4000;
        private const int SymbolicLink = 0xA000;

        [FieldOffset(28)]
        private readonly ushort _mode;

        [FieldOffset(32)]
        private readonly ulong _inode;

        [FieldOffset(40)]
        private readonly ulong _size;

        [FieldOffset(136)]
        private readonly uint _deviceMajor;

        [FieldOffset(140)]
        private readonly uint _deviceMinor;

        public FolderEntryKind Kind => (_mode & TypeMask) switch
        {
            RegularFile => FolderEntryKind.File,
            Folder => FolderEntryKind.Folder,
            SymbolicLink => FolderEntryKind.SymbolicLink,
            _ => FolderEntryKind.Special,
        };

        public long Size => (long)_size;

        /// <summary>The same for two names of one file, and for them only.</summary>
        public (ulong Device, ulong Inode) Identity => (((ulong)_deviceMajor << 32) | _deviceMinor, _inode);
    }
}
