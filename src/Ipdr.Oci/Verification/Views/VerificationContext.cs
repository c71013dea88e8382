using Ipdr.Oci.Digests;
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
    private readonly HashSet<TargetFile> _documents = [];

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

    /// <summary>Counts a document that was read; under whatever names, it counts once.</summary>
    public void NoteDocument(TargetFile file, int bytes)
    {
        if (_documents.Add(file.Canonical))
            Examiner.Note(bytes);
    }
}
