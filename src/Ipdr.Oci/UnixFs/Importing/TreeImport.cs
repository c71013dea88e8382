using System.Buffers;
using System.IO.Enumeration;
using System.Threading.Channels;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Directories;
using Ipdr.Oci.UnixFs.Files;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.UnixFs.Importing;

/// <summary>One import of a file or directory.</summary>
/// <remarks>
/// One task lists directories, depth first; the others read small files, a file each. A large file is read by all, before the listing goes on.
/// A directory is built as soon as all of it is there, so only those on the way from the root to what is being read are held.
/// </remarks>
internal sealed class TreeImport : IDisposable
{
    // Small files found and not read yet, for each reader.
    private const int FilesWaiting = 64;

    private static readonly EnumerationOptions EverythingInFolder = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    private readonly ImportOptions _options;
    private readonly FileForm _files;
    private readonly DirectoryForm _directories;
    private readonly FileHasher _hasher;
    private readonly CancellationTokenSource _stop;
    private readonly Channel<PendingFile> _waiting;
    private readonly CancellationToken _cancellationToken;
    private DagNode? _root;

    public TreeImport(ImportOptions options, CancellationToken cancellationToken)
    {
        _options = options;
        _files = new FileForm(options.Profile);
        _directories = new DirectoryForm(options.Profile);
        _hasher = new FileHasher(_files, options.DegreeOfParallelism);
        _cancellationToken = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _waiting = Channel.CreateBounded<PendingFile>(new BoundedChannelOptions(FilesWaiting * options.DegreeOfParallelism) { SingleWriter = true });
    }

    /// <summary>Files that have their CIDs already, by their path from the root with slashes: they are not read.</summary>
    public IReadOnlyDictionary<string, FileNode> Known { get; init; } = new Dictionary<string, FileNode>();

    /// <summary>What is left out by its path alone, whatever it is: it may be gone before anybody can ask.</summary>
    public Predicate<string>? LeftOut { get; init; }

    public async Task<DagNode> RunAsync(string path)
    {
        SourceStatus status = SourceStatus.Of(path);
        return status.Kind switch
        {
            SourceKind.File => await ReadLargeAsync(path, Kept(status.Metadata)).ConfigureAwait(false),
            SourceKind.Symlink => ReadLink(path),
            SourceKind.Directory => await RunAsync(new PendingDirectory(null, [], path, "", Kept(status.Metadata))).ConfigureAwait(false),
            _ => throw NoContent(path),
        };
    }

    public void Dispose() => _stop.Dispose();

    private async Task<DagNode> RunAsync(PendingDirectory root)
    {
        Task[] tasks = [Stopping(() => ListAllAsync(root)), .. Enumerable.Range(0, _options.DegreeOfParallelism).Select(_ => Stopping(ReadSmallFilesAsync))];
        Task all = Task.WhenAll(tasks);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _cancellationToken.ThrowIfCancellationRequested();
        // What stopped the others comes before that they were stopped.
        if (tasks.FirstOrDefault(task => task.IsFaulted) is { } guilty)
            await guilty.ConfigureAwait(false);
        return _root!;
    }

    private Task Stopping(Func<Task> work) => Task.Run(async () =>
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    });

    private async Task ListAllAsync(PendingDirectory root)
    {
        Stack<(PendingDirectory Directory, IEnumerator<string> Names)> path = new();
        try
        {
            path.Push((root, List(root.Path)));
            while (path.TryPeek(out (PendingDirectory Directory, IEnumerator<string> Names) level))
            {
                _stop.Token.ThrowIfCancellationRequested();
                if (!SourceFile.Guard(level.Directory.Path, level.Names.MoveNext))
                {
                    path.Pop().Names.Dispose();
                    Close(level.Directory);
                }
                else if (await VisitAsync(level.Directory, level.Names.Current).ConfigureAwait(false) is { } below)
                {
                    path.Push((below, List(below.Path)));
                }
            }
            _waiting.Writer.Complete();
        }
        finally
        {
            foreach ((_, IEnumerator<string> names) in path)
                names.Dispose();
        }
    }

    private static IEnumerator<string> List(string path) =>
        SourceFile.Guard(path, () => new FileSystemEnumerable<string>(path, (ref FileSystemEntry entry) => entry.FileName.ToString(), EverythingInFolder).GetEnumerator());

    // Takes in what a name stands for, or returns the directory that it is.
    private async Task<PendingDirectory?> VisitAsync(PendingDirectory directory, string name)
    {
        string path = Path.Combine(directory.Path, name), relative = directory.RelativeOf(name);
        if (LeftOut?.Invoke(relative) == true)
            return null;
        SourceStatus status = SourceStatus.Of(path);
        if (_options.Filter is { } filter && !filter(relative, status.Kind == SourceKind.Directory))
            return null;
        byte[] bytes = DirectoryForm.NameBytes(name, path);
        UnixFsMetadata metadata = Kept(status.Metadata);
        switch (status.Kind)
        {
            case SourceKind.Directory:
                directory.Open();
                return new PendingDirectory(directory, bytes, path, relative, metadata);
            case SourceKind.Symlink:
                directory.Add(bytes, ReadLink(path));
                return null;
            case SourceKind.File when Known.TryGetValue(relative, out FileNode? known):
                directory.Add(bytes, known);
                return null;
            case SourceKind.File when status.Length > _hasher.SmallLength:
                directory.Add(bytes, await ReadLargeAsync(path, metadata).ConfigureAwait(false));
                return null;
            case SourceKind.File:
                directory.Open();
                await _waiting.Writer.WriteAsync(new PendingFile(directory, bytes, path, metadata), _stop.Token).ConfigureAwait(false);
                return null;
            default:
                throw NoContent(path);
        }
    }

    private async Task ReadSmallFilesAsync()
    {
        LeafHasher hasher = new(_files);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(_files.ChunkSize);
        try
        {
            await foreach (PendingFile file in _waiting.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                file.Directory.Add(file.Name, ReadSmall(file.Path, file.Metadata, hasher, buffer.AsSpan(0, _files.ChunkSize)));
                Close(file.Directory);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private FileNode ReadSmall(string path, UnixFsMetadata metadata, LeafHasher hasher, Span<byte> buffer)
    {
        FileBuilder builder = new(_files, _options.KeepBlocks);
        using SafeFileHandle handle = SourceFile.Open(path);
        long offset = 0;
        int length;
        do
        {
            length = SourceFile.Fill(handle, path, buffer, offset);
            if (length > 0 || offset == 0)
                builder.AddLeaf(hasher.Hash(buffer[..length]).Digest, length);
            offset += length;
        }
        while (length == buffer.Length);
        if (builder.Leaves == 1 && !metadata.IsEmpty)
            return WrapOnly(path, metadata, hasher, buffer[..SourceFile.Fill(handle, path, buffer[..(int)offset], 0)]);
        return builder.Finish(Content(path), metadata);
    }

    private async Task<FileNode> ReadLargeAsync(string path, UnixFsMetadata metadata)
    {
        FileBuilder builder = new(_files, _options.KeepBlocks);
        using SafeFileHandle handle = SourceFile.Open(path);
        await _hasher.HashAsync(new FileRunSource(handle, path), builder, _stop.Token).ConfigureAwait(false);
        if (builder.Leaves > 1 || metadata.IsEmpty)
            return builder.Finish(Content(path), metadata);
        byte[] content = new byte[_files.ChunkSize];
        return WrapOnly(path, metadata, new LeafHasher(_files), content.AsSpan(0, SourceFile.Fill(handle, path, content, 0)));
    }

    // A raw leaf has no room for metadata, so the only chunk of such a file is wrapped whatever the profile says.
    private FileNode WrapOnly(string path, UnixFsMetadata metadata, LeafHasher hasher, ReadOnlySpan<byte> content)
    {
        Cid cid = _files.Nodes.Of(hasher.HashWrapped(content, metadata));
        int length = FileForm.WrappedLength(content.Length, metadata);
        return new FileNode(cid, new NodeShape(content.Length, length, length), Content(path) is { } kept ? new FileTree(_files, kept, metadata, []) : null);
    }

    private SymlinkNode ReadLink(string path) => SymlinkNode.Create(_directories.Nodes, SymlinkTarget.Read(path));

    private DiskContent? Content(string path) => _options.KeepBlocks ? new DiskContent(path) : null;

    // Climbs as far as what was added was the last that a directory waited for.
    private void Close(PendingDirectory? directory)
    {
        while (directory?.Close() is { } entries)
        {
            PendingDirectory? parent = directory.Parent;
            if (parent is null)
                _root = _directories.Build(entries, directory.Metadata, _options.KeepBlocks);
            else if (entries.Length > 0 || _options.EmptyDirectories)
                parent.Add(directory.Name, _directories.Build(entries, directory.Metadata, _options.KeepBlocks));
            directory = parent;
        }
    }

    private UnixFsMetadata Kept(UnixFsMetadata found) =>
        new(_options.Profile.PreserveMode ? found.Mode : 0, _options.Profile.PreserveMtime ? found.Mtime : null);

    private static IpdrException NoContent(string path) =>
        new(new Fault(FaultCode.NotAFile, "a device, socket or FIFO has no content to name", path, "Leave it out with --exclude."));
}
