using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Verification.Documents;
using Ipdr.Oci.Verification.Files;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Reads a folder of skopeo's <c>dir:</c>: one image or index, of which nothing but its own bytes tells the digest.</summary>
/// <param name="context">What all views share.</param>
internal sealed class SkopeoWalk(VerificationContext context)
{
    private const string Signatures = "signature-";

    private OciWalk? _walk;

    /// <summary>The digest of the whole; null if it cannot be read.</summary>
    public Digest? Whole { get; private set; }

    /// <summary>Whether a file may be in the folder.</summary>
    public static bool IsPart(string path) =>
        path is SkopeoFolder.VersionFile or SkopeoFolder.Manifest || path.StartsWith(Signatures, StringComparison.Ordinal) || TryReadName(path, out _);

    /// <summary>Follows the manifest of the whole.</summary>
    public async Task WalkAsync(CheckedItem view, CancellationToken cancellationToken)
    {
        Finding missing = Finding.Of(FaultCode.MissingManifest, "there is no manifest", new Place(SkopeoFolder.Manifest));
        if (context.Files.Resolve(SkopeoFolder.Manifest, missing, new Place(""), view) is not { } file || await DocumentBytes.ReadAsync(context.Files, view, file, cancellationToken).ConfigureAwait(false) is not { } bytes)
            return;
        context.Reached.Add(file);
        Digest digest = Digest.OfContent(DigestAlgorithm.Sha256, bytes.Span);
        Whole = digest;
        if (DocumentType.Of(bytes) is not { } type)
        {
            view.Add(Finding.Of(FaultCode.BadManifest, "the document is neither a manifest nor an index", new Place(file.Path)));
            return;
        }
        _walk = new OciWalk(context, new SkopeoBlobNames(digest));
        await _walk.WalkAsync(view, new FoundDescriptor(new Place(file.Path)) { MediaType = type, Digest = digest }, null, 0, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks for the content of files to which nothing leads, and files them with the view.</summary>
    public void FindOrphans(CheckedItem view, OrphanSearch orphans)
    {
        foreach (TargetFile file in context.Files.All.Where(file => file.Kind == TargetFileKind.File && !context.Reached.Contains(file)))
        {
            if (TryReadName(file.Path, out Digest digest))
                orphans.Add(view, file, digest);
        }
    }

    /// <summary>Judges everything that could not be told before the contents were read.</summary>
    public void Judge() => _walk?.Judge();

    // The algorithm is not told; skopeo has never used another one.
    private static bool TryReadName(string path, out Digest digest) =>
        Digest.TryParse("sha256:" + path.Split('.')[0], null, out digest) && (path == SkopeoFolder.BlobPathOf(digest) || path == SkopeoFolder.ManifestPathOf(digest));
}
