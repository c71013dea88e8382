using Ipdr.Oci.Faults;
using Ipdr.Oci.Verification.Content;

namespace Ipdr.Oci.Verification.Files;

/// <summary>The files of a target by name, whether they are in a folder or in an archive. Nothing outside of the target is ever opened.</summary>
internal abstract class TargetFiles : IAsyncDisposable
{
    private Dictionary<string, TargetFile> _byPath = [];
    private ILookup<string, TargetFile> _byFolder = Array.Empty<TargetFile>().ToLookup(file => "");

    /// <summary>All names in ordinal order.</summary>
    public IReadOnlyList<TargetFile> All { get; private set; } = [];

    /// <summary>A folder can hold links and devices as such; in an archive they are members, and harmless while nothing refers to them.</summary>
    public abstract bool IsFolder { get; }

    public TargetFile? Find(string path) => _byPath.GetValueOrDefault(path);

    public bool Has(string path) => Find(path) is not null;

    /// <summary>Names of which one stands under a folder.</summary>
    public IEnumerable<TargetFile> Under(string folder) => All.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal) && file.Path.Length > folder.Length && file.Path[folder.Length] == '/');

    /// <summary>Files of which the last part of the name stands right under a folder.</summary>
    public IEnumerable<TargetFile> Directly(string folder) => _byFolder[folder].Where(file => file.Kind == TargetFileKind.File);

    /// <summary>The folder that a path is in; empty for the root.</summary>
    public static string FolderOf(string path) => path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";

    /// <summary>Finds the file that a document names, and files with <paramref name="item"/> why there is none or what is odd about it.</summary>
    /// <param name="path">The name.</param>
    /// <param name="missing">What a name is called that is simply not there; null when that is no finding.</param>
    /// <param name="from">The place of the reference.</param>
    /// <param name="item">The part that needs the file.</param>
    public abstract TargetFile? Resolve(string path, Finding? missing, Place from, CheckedItem item);

    /// <summary>Reads a small file as a whole; null when it is larger than <paramref name="maxBytes"/> or its bytes are not at hand any more.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public abstract ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TargetFile file, int maxBytes, CancellationToken cancellationToken);

    /// <summary>Reads a content once for all that is wanted of it.</summary>
    public abstract Task<ContentFacts> ExamineAsync(TargetFile file, ContentDemand demand, ContentExaminer examiner, CancellationToken cancellationToken);

    /// <summary>What is wrong with the target as a whole.</summary>
    public abstract IEnumerable<Finding> Findings();

    public abstract ValueTask DisposeAsync();

    protected void SetFiles(IEnumerable<TargetFile> files)
    {
        All = [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];
        _byPath = All.ToDictionary(file => file.Path, StringComparer.Ordinal);
        _byFolder = All.ToLookup(file => FolderOf(file.Path), StringComparer.Ordinal);
    }

    protected static ContentFacts Unreadable(Exception e) =>
        new() { Unreadable = new Fault(FaultCode.Io, "the file cannot be read: " + e.Message.TrimEnd('.'), "") };
}
