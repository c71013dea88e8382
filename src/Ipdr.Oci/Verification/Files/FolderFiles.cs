using Ipdr.Oci.Archives;
using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Folders;
using Ipdr.Oci.Verification.Content;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Verification.Files;

/// <summary>The files of a folder.</summary>
internal sealed class FolderFiles : TargetFiles
{
    private readonly FolderTree _folder;
    private readonly List<Finding> _findings = [];

    private FolderFiles(FolderTree folder) => _folder = folder;

    public override bool IsFolder => true;

    /// <summary>Lists a folder.</summary>
    /// <exception cref="IpdrException">It cannot be listed, or holds too much.</exception>
    public static FolderFiles Open(string path, ArchiveLimits limits, CancellationToken cancellationToken)
    {
        FolderFiles files = new(new FolderTree(path));
        Dictionary<(ulong, ulong), TargetFile> known = [];
        List<TargetFile> found = [];
        foreach (FolderEntry entry in files._folder.List(limits.MaxMembers, cancellationToken))
        {
            files.Note(entry);
            if (entry.Kind == FolderEntryKind.Unreadable)
                continue;
            TargetFile? first = entry is { Kind: FolderEntryKind.File, Identity: { } identity } ? known.GetValueOrDefault(identity) : null;
            TargetFile file = new(entry.Path, KindOf(entry.Kind), entry.Size) { Canonical = first! };
            if (entry is { Kind: FolderEntryKind.File, Identity: { } own })
                known.TryAdd(own, file);
            found.Add(file);
        }
        files.SetFiles(found);
        return files;
    }

    public override TargetFile? Resolve(string path, Finding? missing, Place from, CheckedItem item)
    {
        TargetFile? file = Find(path);
        if (file is null && missing is not null)
            item.Add(missing);
        // Links and special files have their own finding already.
        if (file is { Kind: TargetFileKind.Folder })
            item.Add(Finding.Of(FaultCode.NotAFile, "a folder stands where a file is needed", new Place(path)));
        return file is { Kind: TargetFileKind.File } ? file : null;
    }

    public override async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TargetFile file, int maxBytes, CancellationToken cancellationToken)
    {
        using SafeFileHandle handle = _folder.Open(file.Path);
        // One byte more than what is expected shows that the file has grown since it was listed.
        long length = RandomAccess.GetLength(handle);
        if (length > maxBytes)
            return null;
        byte[] bytes = new byte[length];
        int count = 0;
        for (int read; count < bytes.Length && (read = await RandomAccess.ReadAsync(handle, bytes.AsMemory(count), count, cancellationToken).ConfigureAwait(false)) > 0;)
            count += read;
        return bytes.AsMemory(0, count);
    }

    public override async Task<ContentFacts> ExamineAsync(TargetFile file, ContentDemand demand, ContentExaminer examiner, CancellationToken cancellationToken)
    {
        try
        {
            using SafeFileHandle handle = _folder.Open(file.Path);
            FileSectionStream content = new(handle, 0, RandomAccess.GetLength(handle));
            await using (content.ConfigureAwait(false))
                return await examiner.ExamineAsync(file.Path, file.Size, content, demand, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return Unreadable(e);
        }
    }

    public override IEnumerable<Finding> Findings() => _findings;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Note(FolderEntry entry)
    {
        Place place = new(entry.Path);
        if (entry.Kind == FolderEntryKind.SymbolicLink)
            _findings.Add(Finding.Of(FaultCode.SymbolicLink, "a symbolic link stands in the layout; it was not followed", place, actual: entry.LinkTarget));
        else if (entry.Kind == FolderEntryKind.Special)
            _findings.Add(Finding.Of(FaultCode.NotAFile, "a FIFO, device or socket stands in the layout; it was not opened", place));
        else if (entry.Kind == FolderEntryKind.Unreadable)
            _findings.Add(Finding.Of(FaultCode.Io, "the folder cannot be listed", place));
    }

    private static TargetFileKind KindOf(FolderEntryKind kind) => kind switch
    {
        FolderEntryKind.File => TargetFileKind.File,
        FolderEntryKind.Folder => TargetFileKind.Folder,
        FolderEntryKind.SymbolicLink => TargetFileKind.Link,
        _ => TargetFileKind.Special,
    };
}
