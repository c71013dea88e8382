using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>Writes a DAG as files, directories and symbolic links: all of it, or nothing.</summary>
/// <remarks>
/// <para>The tree is built beside its destination and appears there by one rename. Each name is one part of a path and is there once, and
/// directories are only entered that were made here, so nothing is written through a symbolic link; the links are made as they are stored,
/// and may lead anywhere.</para>
/// <para>Modes and times are set where they were imported, except the bits setuid, setgid and sticky: strangers do not hand those out.</para>
/// </remarks>
public sealed class TreeExtractor
{
    private const uint PermissionBits = 0x1ff;

    /// <summary>Smaller files are written without asking first whether there is room for them.</summary>
    private const int SmallFile = 1 << 20;

    private readonly NodeReader _nodes;
    private readonly string _destination;
    private readonly string _tree;
    private readonly List<(string Path, UnixFsMetadata Metadata)> _directories = [];
    private Cid _root;
    private int _entries;
    private long _bytes;

    private TreeExtractor(NodeReader nodes, string destination, string tree)
    {
        _nodes = nodes;
        _destination = destination;
        _tree = tree;
    }

    /// <summary>Writes what a path leads to.</summary>
    /// <param name="source">Where the blocks are.</param>
    /// <param name="path">A directory, whose entries go into the destination, or a file or link, which becomes the destination.</param>
    /// <param name="destination">Nothing may be there, or an empty directory.</param>
    /// <param name="limits">How far the DAG is followed; the defaults if null.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left then.</param>
    /// <exception cref="IpdrException">The DAG cannot be read whole, or the destination cannot be written.</exception>
    public static async Task<TreeSummary> ExtractAsync(
        IBlockSource source, ContentPath path, string destination, DagLimits? limits = null, CancellationToken cancellationToken = default)
    {
        destination = Path.TrimEndingDirectorySeparator(Path.GetFullPath(destination));
        string parent = Path.GetDirectoryName(destination) ?? throw Exists(destination);
        ThrowIfOccupied(destination);
        DestinationIo.Guard(parent, () => Directory.CreateDirectory(parent));
        using StagingFolder staging = StagingFolder.Create(parent, $".{Path.GetFileName(destination)}.ipdr-");
        TreeExtractor extractor = new(new NodeReader(source, limits ?? new DagLimits()), destination, staging.Tree);
        DagReader reader = new(source, limits);
        await reader.MeasureAsync(path, cancellationToken).ConfigureAwait(false);
        await extractor.WriteTreeAsync(reader, path, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        extractor.Appear();
        return new TreeSummary(extractor._root, extractor._entries, extractor._bytes);
    }

    private static void ThrowIfOccupied(string destination)
    {
        FileAttributes? there = DestinationIo.Guard(destination, () => Attributes(destination));
        if (there is null)
            return;
        bool isFolder = (there & (FileAttributes.Directory | FileAttributes.ReparsePoint)) == FileAttributes.Directory;
        if (!isFolder || DestinationIo.Guard(destination, () => Directory.EnumerateFileSystemEntries(destination).Any()))
            throw Exists(destination);
    }

    private static FileAttributes? Attributes(string path)
    {
        try
        {
            return File.GetAttributes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static IpdrException Exists(string destination) =>
        new(new Fault(FaultCode.DestinationExists, "something is there already", destination, "Choose a place where nothing is, or an empty folder, with -o."));

    private async Task WriteTreeAsync(DagReader reader, ContentPath path, CancellationToken cancellationToken)
    {
        await foreach (WalkedNode walked in reader.WalkNodesAsync(_nodes, path, cancellationToken).ConfigureAwait(false))
        {
            string place = walked.Entry.Path.Length == 0 ? _tree : Path.Combine(_tree, walked.Entry.Path);
            if (_entries++ == 0)
                _root = walked.Entry.Cid;
            _bytes += walked.Entry.Size;
            ThrowIfUnsafeHere(walked.Entry);
            switch (walked.Entry.Kind)
            {
                case DagEntryKind.Directory:
                    DestinationIo.Guard(place, () => Directory.CreateDirectory(place));
                    _directories.Add((walked.Entry.Path, walked.Entry.Metadata));
                    break;
                case DagEntryKind.Symlink:
                    DestinationIo.Guard(place, () => File.CreateSymbolicLink(place, walked.Entry.LinkTarget!));
                    break;
                default:
                    await WriteFileAsync(walked, place, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
        // The innermost come first; a directory that may not be written to, or whose time is set, is left alone afterwards.
        for (int i = _directories.Count - 1; i > 0; i--)
            SetMetadata(Path.Combine(_tree, _directories[i].Path), _directories[i].Metadata, isDirectory: true);
    }

    // On Windows these separate parts of a path too, or name streams and drives.
    private static void ThrowIfUnsafeHere(UnixFsEntry entry)
    {
        if (OperatingSystem.IsWindows() && entry.Path.AsSpan().ContainsAny('\\', ':'))
            throw new IpdrException(new Fault(FaultCode.PathTraversal, "the name cannot be one of a file on Windows", entry.Path, "Extract it on another system."));
    }

    private async Task WriteFileAsync(WalkedNode walked, string place, CancellationToken cancellationToken)
    {
        ThrowIfTooLarge(walked.Entry.Size);
        FileStream file = DestinationIo.Guard(place, () => new FileStream(place, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0));
        await using (file.ConfigureAwait(false))
        {
            using UnixFsFileStream content = new(_nodes, walked.Node, ownsRoot: false);
            try
            {
                await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException e)
            {
                throw DestinationIo.Explain(_destination, e);
            }
        }
        SetMetadata(place, walked.Entry.Metadata, isDirectory: false);
    }

    // A few blocks may spell a file that fills the volume: it is refused before the first byte, not after the last that fits.
    private void ThrowIfTooLarge(long size)
    {
        if (size <= SmallFile)
            return;
        long free = DestinationIo.Guard(_destination, () => new DriveInfo(Path.GetDirectoryName(_tree)!).AvailableFreeSpace);
        if (size > free)
            throw new IpdrException(new Fault(FaultCode.DiskFull, "a file is larger than what is free on the volume", _destination, "Free some space, or choose another volume with -o; nothing was left.")
            {
                Expected = $"{size} bytes",
                Actual = $"{free} bytes",
            });
    }

    private static void SetMetadata(string place, UnixFsMetadata metadata, bool isDirectory) => DestinationIo.Guard(place, () =>
    {
        if (metadata.Mtime is { } mtime)
        {
            // A tick has 100 ns; what is outside of .NET's calendar stays as it is.
            long ticks = mtime.Nanoseconds / 100;
            if (mtime.Seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && mtime.Seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            {
                DateTime time = DateTimeOffset.FromUnixTimeSeconds(mtime.Seconds).UtcDateTime.AddTicks(ticks);
                if (isDirectory)
                    Directory.SetLastWriteTimeUtc(place, time);
                else
                    File.SetLastWriteTimeUtc(place, time);
            }
        }
        if (metadata.Mode != 0 && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(place, (UnixFileMode)(metadata.Mode & PermissionBits));
    });

    private void Appear() => DestinationIo.Guard(_destination, () =>
    {
        if (_directories.Count == 0)
        {
            if (Directory.Exists(_destination) && Attributes(_destination) is { } there && (there & FileAttributes.ReparsePoint) == 0)
                Directory.Delete(_destination);
            File.Move(_tree, _destination, overwrite: false);
            return;
        }
        if (Directory.Exists(_destination))
            Directory.Delete(_destination);
        Directory.Move(_tree, _destination);
        // Last, since a folder that may not be written to may not be moved either.
        SetMetadata(_destination, _directories[0].Metadata, isDirectory: true);
    });
}
