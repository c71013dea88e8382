using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Folders;

/// <summary>What Linux tells of a name without opening it, or of an open file: the part of <c>struct statx</c> that is looked at.</summary>
/// <remarks>.NET does not tell a FIFO or a device from a file, and reading one may never end. The layout is the same on every processor.</remarks>
[StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 256)]
internal readonly partial struct FileStatus
{
    private const int CurrentFolder = -100;            // AT_FDCWD
    private const int NoFollow = 0x100;                // AT_SYMLINK_NOFOLLOW
    private const int OfHandle = 0x1000;               // AT_EMPTY_PATH
    private const uint BasicStatus = 0x7ff;            // STATX_BASIC_STATS
    private const int TypeMask = 0xf000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;
    private const int SymbolicLink = 0xa000;
    private const int ModeMask = 0xfff;

    private static bool _isKnown = OperatingSystem.IsLinux();

    [FieldOffset(20)]
    private readonly uint _user;

    [FieldOffset(24)]
    private readonly uint _group;

    [FieldOffset(28)]
    private readonly ushort _mode;

    [FieldOffset(32)]
    private readonly ulong _inode;

    [FieldOffset(40)]
    private readonly ulong _size;

    [FieldOffset(112)]
    private readonly long _modifiedSeconds;

    [FieldOffset(120)]
    private readonly uint _modifiedNanoseconds;

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

    /// <summary>Bytes of a file.</summary>
    public long Size => (long)_size;

    /// <summary>Permissions, set-user-ID, set-group-ID and sticky bit.</summary>
    public uint Mode => (uint)_mode & ModeMask;

    /// <summary>Whose it is.</summary>
    public (uint User, uint Group) Owner => (_user, _group);

    /// <summary>When the content changed last: seconds of the Unix epoch and what is beyond them.</summary>
    public (long Seconds, uint Nanoseconds) Modified => (_modifiedSeconds, _modifiedNanoseconds);

    /// <summary>The same for two names of one file, and for them only.</summary>
    public (ulong Device, ulong Inode) Identity => (((ulong)_deviceMajor << 32) | _deviceMinor, _inode);

    /// <summary>What a name stands for, links not followed; false where there is nothing, or the system cannot tell without opening it.</summary>
    public static bool TryRead(string path, out FileStatus status) => TryRead(CurrentFolder, path, NoFollow, out status);

    /// <summary>What an open file is; false where the system cannot tell.</summary>
    public static bool TryRead(SafeFileHandle file, out FileStatus status)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            return TryRead((int)file.DangerousGetHandle(), "", OfHandle, out status);
        }
        finally
        {
            if (held)
                file.DangerousRelease();
        }
    }

    private static bool TryRead(int folder, string path, int flags, out FileStatus status)
    {
        status = default;
        if (!_isKnown)
            return false;
        try
        {
            return StatX(folder, path, flags, BasicStatus, out status) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            _isKnown = false;
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out FileStatus status);
}
