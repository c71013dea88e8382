using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Folders;

/// <summary>Opens files of folders that are not trusted without leaving the folder.</summary>
internal static partial class FolderAccess
{
    private const int OpenReadOnly = 0;
    private const int AccessDenied = 13;               // EACCES
    private const int NotPermitted = 1;                // EPERM
    private const int NoSuchFile = 2;                  // ENOENT

    // The flags of open(2) differ between systems, and on Linux between processors.
    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 or Architecture.Ppc64le;
    private static readonly int OpenFolder = OperatingSystem.IsMacOS() ? 0x100000 : IsArm ? 0x4000 : 0x10000;
    private static readonly int OpenNoFollow = OperatingSystem.IsMacOS() ? 0x100 : IsArm ? 0x8000 : 0x20000;
    private static readonly int OpenNonBlocking = OperatingSystem.IsMacOS() ? 0x4 : 0x800;
    private static readonly int OpenCloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

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
}
