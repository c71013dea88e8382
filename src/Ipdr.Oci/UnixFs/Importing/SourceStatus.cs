using Ipdr.Oci.Folders;

namespace Ipdr.Oci.UnixFs.Importing;

/// <summary>What a name in the file system is, links not followed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Bytes of a file as the system tells it; may change.</param>
/// <param name="Metadata">Mode and time of the last change.</param>
internal readonly record struct SourceStatus(SourceKind Kind, long Length, UnixFsMetadata Metadata)
{
    private const long NanosecondsPerTick = 100;

    /// <summary>Looks at a name.</summary>
    /// <exception cref="Faults.IpdrException">There is nothing, or it may not be looked at.</exception>
    public static SourceStatus Of(string path) => SourceFile.Guard(path, () => FileStatus.TryRead(path, out FileStatus status) ? OfSystem(status) : OfInfo(path));

    private static SourceStatus OfSystem(FileStatus status)
    {
        SourceKind kind = status.Kind switch
        {
            FolderEntryKind.File => SourceKind.File,
            FolderEntryKind.Folder => SourceKind.Directory,
            FolderEntryKind.SymbolicLink => SourceKind.Symlink,
            _ => SourceKind.Other,
        };
        return new SourceStatus(kind, status.Size, new UnixFsMetadata(status.Mode, new UnixTime(status.Modified.Seconds, status.Modified.Nanoseconds)));
    }

    // What is wrong, the framework says.
    private static SourceStatus OfInfo(string path)
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
        return new SourceStatus(kind, kind == SourceKind.File ? info.Length : 0, new UnixFsMetadata(mode, new UnixTime(seconds, (uint)(ticks * NanosecondsPerTick))));
    }
}
