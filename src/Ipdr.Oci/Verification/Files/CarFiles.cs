using Ipdr.Oci.Car;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;
using Ipdr.Oci.Verification.Content;

namespace Ipdr.Oci.Verification.Files;

/// <summary>The files below the roots of a CAR. Every block is checked against its CID as it is read.</summary>
internal sealed class CarFiles : TargetFiles
{
    private readonly DagReader _dags;
    private readonly Dictionary<string, Cid> _cids = new(StringComparer.Ordinal);
    private readonly List<Finding> _findings = [];

    private CarFiles(CarFile car) => _dags = new DagReader(car);

    public override bool IsFolder => true;

    /// <summary>Lists what is below a root. The CAR stays with the caller.</summary>
    /// <exception cref="IpdrException">A block is missing, wrong or malformed, or there is too much.</exception>
    public static async Task<CarFiles> OpenAsync(CarFile car, Cid root, CancellationToken cancellationToken)
    {
        CarFiles files = new(car);
        Dictionary<Cid, TargetFile> known = [];
        List<TargetFile> found = [];
        await files._dags.MeasureAsync(ContentPath.Of(root), cancellationToken).ConfigureAwait(false);
        await foreach (UnixFsEntry entry in files._dags.WalkAsync(ContentPath.Of(root), cancellationToken).ConfigureAwait(false))
        {
            if (entry.Path.Length == 0)
                continue;
            TargetFile? first = entry.Kind == DagEntryKind.File ? known.GetValueOrDefault(entry.Cid) : null;
            TargetFile file = new(entry.Path, KindOf(entry.Kind), entry.Size) { Canonical = first! };
            files._cids[entry.Path] = entry.Cid;
            known.TryAdd(entry.Cid, file);
            found.Add(file);
            if (entry.Kind == DagEntryKind.Symlink)
                files._findings.Add(Finding.Of(FaultCode.SymbolicLink, "a symbolic link stands in the layout; it was not followed", new Place(entry.Path), actual: entry.LinkTarget));
        }
        files.SetFiles(found);
        return files;
    }

    public override TargetFile? Resolve(string path, Finding? missing, Place from, CheckedItem item)
    {
        TargetFile? file = Find(path);
        if (file is null && missing is not null)
            item.Add(missing);
        if (file is { Kind: TargetFileKind.Folder })
            item.Add(Finding.Of(FaultCode.NotAFile, "a folder stands where a file is needed", new Place(path)));
        return file is { Kind: TargetFileKind.File } ? file : null;
    }

    public override async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TargetFile file, int maxBytes, CancellationToken cancellationToken)
    {
        if (file.Size > maxBytes)
            return null;
        byte[] bytes = new byte[file.Size];
        Stream content = await _dags.OpenFileAsync(ContentPath.Of(_cids[file.Path]), cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
            await content.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    public override async Task<ContentFacts> ExamineAsync(TargetFile file, ContentDemand demand, ContentExaminer examiner, CancellationToken cancellationToken)
    {
        Stream content = await _dags.OpenFileAsync(ContentPath.Of(_cids[file.Path]), cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
            return await examiner.ExamineAsync(file.Path, file.Size, content, demand, cancellationToken).ConfigureAwait(false);
    }

    public override IEnumerable<Finding> Findings() => _findings;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static TargetFileKind KindOf(DagEntryKind kind) => kind switch
    {
        DagEntryKind.File => TargetFileKind.File,
        DagEntryKind.Directory => TargetFileKind.Folder,
        DagEntryKind.Symlink => TargetFileKind.Link,
        _ => TargetFileKind.Special,
    };
}
