using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Verification.Content;
using Ipdr.Oci.Verification.Files;
using Ipdr.Oci.Verification.Repair;

namespace Ipdr.Oci.Verification.Views;

/// <summary>What all views of one target share.</summary>
/// <param name="Files">The target's files.</param>
/// <param name="Ledger">What has to be known of their contents.</param>
/// <param name="Examiner">Counts what was read.</param>
/// <param name="Options">How thoroughly to verify.</param>
internal sealed record VerificationContext(TargetFiles Files, ContentLedger Ledger, ContentExaminer Examiner, VerificationOptions Options)
{
    // Each is a line of the report; a thousand images with a hundred layers have fewer.
    private const int MaxReferences = 250_000;

    private readonly HashSet<TargetFile> _documents = [];
    private int _manifests;
    private int _references;

    /// <summary>Files that some document leads to.</summary>
    public HashSet<TargetFile> Reached { get; } = [];

    /// <summary>Paths that index.json leads to and that are not there, whether that is a finding or not.</summary>
    public HashSet<string> Missing { get; } = new(StringComparer.Ordinal);

    /// <summary>Contents that are missing or not what they should be, by their paths.</summary>
    public SortedDictionary<string, WantedContent> Wanted { get; } = new(StringComparer.Ordinal);

    /// <summary>Judges contents, each once, whatever the number of references to it.</summary>
    public ContentJudge Judge => field ??= new ContentJudge(this);

    /// <summary>Notes what would make a reference sound.</summary>
    public void Want(string path, Digest digest, long? size) => Wanted.TryAdd(path, new WantedContent(path, digest, size));

    /// <summary>Counts an image or index; false, and a finding, when there are too many to go on.</summary>
    public bool CountManifest(CheckedItem item) => Count(ref _manifests, Options.Limits.MaxManifests, "manifests", item);

    /// <summary>Counts a reference to content; false, and a finding, when there are too many to go on.</summary>
    public bool CountReference(CheckedItem item) => Count(ref _references, MaxReferences, "references", item);

    /// <summary>Counts a document that was read; under whatever names, it counts once.</summary>
    public void NoteDocument(TargetFile file, int bytes)
    {
        if (_documents.Add(file.Canonical))
            Examiner.Note(bytes);
    }

    private static bool Count(ref int count, int limit, string what, CheckedItem item)
    {
        if (count < limit)
        {
            count++;
            return true;
        }
        item.Add(Finding.Of(FaultCode.Limit, $"the target has more than {limit} {what}; the rest was not looked at", new Place("")));
        return false;
    }
}
