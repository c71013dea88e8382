using System.Runtime.InteropServices;

namespace Ipdr.Oci.UnixFs;

/// <summary>What a name in the file system is, links not followed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Bytes of a file as the system tells it; may change.</param>
/// <param name="Metadata">Mode and time of the last change.</param>
internal readonly partial record struct FileStatus(SourceKind Kind, long Length, UnixFsMetadata Metadata)
{
    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint TypeModeMtimeSize = 0x1 | 0x2 | 0x40 | 0x200;
    private const int StatxLength = 256;
    private const int ModeOffset = 28;
    private const int SizeOffset = 40;
    private const int MtimeOffset = 112;
    private const uint TypeMask = 0xf000;
    private const uint TypeRegular = 0x8000;
    private const uint TypeDirectory = 0x4000;
    private const uint TypeSymlink = 0xa000;
    private const uint ModeMask = 0xfff;
    private const long NanosecondsPerTick = 100;

    // .NET does not tell a FIFO or a device from a file, and reading one may never end; Linux' statx has the same form on all processors.
    private static bool _hasStatx = OperatingSystem.IsLinux();

    /// <summary>Looks at a name.</summary>
    /// <exception cref="Faults.IpdrException">There is nothing, or it may not be looked at.</exception>
    public static FileStatus Of(string path) => SourceFile.Guard(path, () => _hasStatx && TryStatx(path) is { } status ? status : OfInfo(path));

    private static FileStatus? TryStatx(string path)
    {
        Span<byte> buffer = stackalloc byte[StatxLength];
        try
        {
            // What is wrong then, the framework says.
            if (Statx(CurrentFolder, path, DoNotFollow, TypeModeMtimeSize, buffer) != 0)
                return null;
        }
        catch (EntryPointNotFoundException)
        {
            _hasStatx = false;
            return null;
        }
        uint mode = BitConverter.ToUInt16(buffer[ModeOffset..]);
        SourceKind kind = (mode & TypeMask) switch
        {
            TypeRegular => SourceKind.File,
            TypeDirectory => SourceKind.Directory,
            TypeSymlink => SourceKind.Symlink,
            _ => SourceKind.Other,
        };
        UnixTime mtime = new(BitConverter.ToInt64(buffer[MtimeOffset..]), BitConverter.ToUInt32(buffer[(MtimeOffset + sizeof(long))..]));
        return new FileStatus(kind, BitConverter.ToInt64(buffer[SizeOffset..]), new UnixFsMetadata(mode & ModeMask, mtime));
    }

    private static FileStatus OfInfo(string path)
    {
        FileInfo info = new(path);
        FileAttributes attributes = info.Attributes;
        if (attributes == (FileAttributes)(-1))
            throw new FileNotFoundException(null, path);
        SourceKind kind = info.LinkTarget is not null ? SourceKind.Symlink
            : attributes.HasFlag(FileAttributes.Directory) ? SourceKind.Directory
            : attributes.HasFlag(FileAttributes.Device) ? SourceKind.Other : SourceKind.File;
        uint mode = OperatingSystem.IsWindows() ? 0 : (uint)File.GetUnixFileMode(path);
        (long seconds, long ticks) = Math.DivRem((info.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks, TimeSpan.TicksPerSecond);
        if (ticks < 0)
            (seconds, ticks) = (seconds - 1, ticks + TimeSpan.TicksPerSecond);
        return new FileStatus(kind, kind == SourceKind.File ? info.Length : 0, new UnixFsMetadata(mode, new UnixTime(seconds, (uint)(ticks * NanosecondsPerTick))));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> buffer);
}
