using System.Collections.Concurrent;
using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Folders;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Store;
using Ipdr.Oci.Store.Naming;
using Ipdr.Oci.UnixFs.Files;
using Ipdr.Oci.Verification.Content;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Verification.Files;

/// <summary>The blobs that the store's catalogue knows, under the paths of an OCI layout, which they have on the disk as well.</summary>
/// <remarks>
/// Others may push to the store and collect meanwhile. What the catalogue knew when it was asked and does not know any more was collected:
/// that it is not there is no finding, then.
/// </remarks>
internal sealed class StoreFiles : TargetFiles
{
    private const string Prefix = "blobs/";

    private readonly ContentStore _store;
    private readonly FolderTree _folder;
    private readonly Dictionary<string, InventoryBlob> _blobs;
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private readonly List<InventoryBlob> _lost = [];
    private readonly List<Finding> _findings = [];
    private readonly ConcurrentDictionary<TargetFile, FileNode?> _sound = [];

    private StoreFiles(ContentStore store, StoreInventory inventory)
    {
        (_store, _folder) = (store, new FolderTree(store.BlobsFolder));
        _blobs = inventory.Blobs.ToDictionary(blob => OciLayout.PathOf(blob.Digest), StringComparer.Ordinal);
    }

    public override bool IsFolder => true;

    /// <summary>Blobs that the catalogue knows and the disk has not, in ordinal order.</summary>
    public IReadOnlyList<InventoryBlob> Lost => _lost;

    /// <summary>Looks for the files of all blobs. The store stays with the caller.</summary>
    /// <exception cref="IpdrException">The catalogue cannot be read.</exception>
    public static async Task<StoreFiles> OpenAsync(ContentStore store, StoreInventory inventory, CancellationToken cancellationToken)
    {
        StoreFiles files = new(store, inventory);
        List<TargetFile> found = [];
        List<InventoryBlob> absent = [];
        foreach ((string path, InventoryBlob blob) in files._blobs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (files.Look(path) is { } file)
                found.Add(file);
            else
                absent.Add(blob);
        }
        files.SetFiles(found);
        await files.SettleAsync(absent, cancellationToken).ConfigureAwait(false);
        return files;
    }

    /// <summary>What the catalogue says of a blob.</summary>
    public InventoryBlob BlobOf(TargetFile file) => _blobs[file.Path];

    /// <summary>Were all bytes of a blob read, and are they what its digest promises?</summary>
    public bool IsSound(TargetFile file) => _sound.ContainsKey(file);

    /// <summary>The blob as a file of IPFS by the store's rules; null unless it is sound and the catalogue claims to know its blocks.</summary>
    public FileNode? NodeOf(TargetFile file) => _sound.GetValueOrDefault(file);

    public override TargetFile? Resolve(string path, Finding? missing, Place from, CheckedItem item)
    {
        TargetFile? file = Find(path);
        if (file is null && missing is not null && !_gone.Contains(path))
            item.Add(missing);
        return file is { Kind: TargetFileKind.File } ? file : null;
    }

    public override async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TargetFile file, int maxBytes, CancellationToken cancellationToken)
    {
        using SafeFileHandle? handle = await OpenAsync(file, cancellationToken).ConfigureAwait(false);
        long length = handle is null ? long.MaxValue : RandomAccess.GetLength(handle);
        if (handle is null || length > maxBytes)
            return null;
        byte[] bytes = new byte[length];
        FileSectionStream content = new(handle, 0, length);
        await using (content.ConfigureAwait(false))
            await content.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        InventoryBlob blob = BlobOf(file);
        if (Digest.OfContent(blob.Digest.Algorithm, bytes) == blob.Digest)
            _sound[file] = blob.Cid is null ? null : FileSink.OfDocument(BlobNaming.Form, file.Path, bytes);
        return bytes;
    }

    public override async Task<ContentFacts> ExamineAsync(TargetFile file, ContentDemand demand, ContentExaminer examiner, CancellationToken cancellationToken)
    {
        try
        {
            using SafeFileHandle? handle = await OpenAsync(file, cancellationToken).ConfigureAwait(false);
            if (handle is null)
                return new ContentFacts { IsGone = true };
            InventoryBlob blob = BlobOf(file);
            using FileSink? sink = blob.Cid is null ? null : new FileSink(BlobNaming.Form, keep: true);
            FileSectionStream stored = new(handle, 0, RandomAccess.GetLength(handle));
            Stream content = sink is null ? stored : new FileSinkStream(stored, sink);
            await using (content.ConfigureAwait(false))
            {
                ContentFacts facts = await examiner.ExamineAsync(file.Path, file.Size, content, demand, cancellationToken).ConfigureAwait(false);
                if (facts.Stored.TryGetValue(blob.Digest.Algorithm, out Digest actual) && actual == blob.Digest)
                    _sound[file] = sink?.Finish(new DiskContent(Path.Combine(_folder.Path, Relative(file.Path))));
                return facts;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return Unreadable(e);
        }
    }

    public override IEnumerable<Finding> Findings() => _findings;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private TargetFile? Look(string path)
    {
        string full = Path.Combine(_folder.Path, Relative(path));
        if (!FileStatus.TryRead(full, out FileStatus status))
            return new FileInfo(full) is { Exists: true } file ? new TargetFile(path, TargetFileKind.File, file.Length) : null;
        if (status.Kind == FolderEntryKind.File)
            return new TargetFile(path, TargetFileKind.File, status.Size);
        _findings.Add(status.Kind == FolderEntryKind.SymbolicLink
            ? Finding.Of(FaultCode.SymbolicLink, "a symbolic link stands in the place of a blob; it was not followed", new Place(path), actual: new FileInfo(full).LinkTarget)
            : Finding.Of(FaultCode.NotAFile, "a folder, FIFO, device or socket stands in the place of a blob; it was not opened", new Place(path)));
        return new TargetFile(path, TargetFileKind.Special, 0);
    }

    private async Task SettleAsync(List<InventoryBlob> absent, CancellationToken cancellationToken)
    {
        if (absent.Count == 0)
            return;
        IReadOnlySet<Digest> lost = await _store.FindLostAsync(absent.Select(blob => blob.Digest), cancellationToken).ConfigureAwait(false);
        _lost.AddRange(absent.Where(blob => lost.Contains(blob.Digest)));
        _gone.UnionWith(absent.Where(blob => !lost.Contains(blob.Digest)).Select(blob => OciLayout.PathOf(blob.Digest)));
    }

    // Null when the blob was collected. What was collected and then pushed again is there after all.
    private async ValueTask<SafeFileHandle?> OpenAsync(TargetFile file, CancellationToken cancellationToken)
    {
        try
        {
            return _folder.Open(Relative(file.Path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Digest digest = BlobOf(file).Digest;
            if (!_store.Knows(digest))
                return null;
            if ((await _store.FindLostAsync([digest], cancellationToken).ConfigureAwait(false)).Count > 0)
                throw;
            return _folder.Open(Relative(file.Path));
        }
    }

    private static string Relative(string path) => path[Prefix.Length..];
}
