using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Verification.Documents;
using Ipdr.Oci.Verification.Files;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Reads one repository of a registry layout: <c>manifests/{tag, digest}</c> and <c>blobs/DIGEST</c>, as clients of the registry would.</summary>
/// <param name="context">What all views share.</param>
/// <param name="prefix">The repository's folder with a slash at its end; empty when it is the target itself.</param>
internal sealed class RegistryWalk(VerificationContext context, string prefix)
{
    private readonly RepositoryBlobNames _names = new(prefix);
    private readonly SortedDictionary<string, Digest> _tags = new(StringComparer.Ordinal);
    private OciWalk? _walk;

    /// <summary>The tags and the manifests that they name.</summary>
    public IReadOnlyDictionary<string, Digest> Tags => _tags;

    /// <summary>The repository is the target itself, as in a universal layout.</summary>
    public bool IsWholeTarget => prefix.Length == 0;

    /// <summary>The folders whose files belong to the repository.</summary>
    public IEnumerable<string> Folders => [prefix + "manifests", prefix + "blobs"];

    /// <summary>Does a folder have the two folders of a repository?</summary>
    public static bool IsRepository(TargetFiles files, string prefix) =>
        files.Find(prefix + "manifests") is { Kind: TargetFileKind.Folder } && files.Find(prefix + "blobs") is { Kind: TargetFileKind.Folder };

    /// <summary>Follows every tag and every manifest.</summary>
    public async Task WalkAsync(CheckedItem view, CancellationToken cancellationToken)
    {
        TargetFile[] manifests = [.. context.Files.Directly(prefix + "manifests")];
        if (manifests.Length == 0)
            view.Add(Finding.Of(FaultCode.NoImages, "the repository has no manifest", new Place(prefix + "manifests")));
        foreach (TargetFile tag in manifests.Where(file => !Digest.TryParse(NameOf(file), null, out _)))
            await WalkTagAsync(view, tag, cancellationToken).ConfigureAwait(false);
        foreach (TargetFile file in manifests.Where(file => !context.Reached.Contains(file)))
        {
            if (Digest.TryParse(NameOf(file), null, out Digest digest) && !context.Reached.Contains(file))
                await WalkManifestAsync(view, file, digest, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks for the content of blobs to which nothing leads, and files them with the view.</summary>
    public void FindOrphans(CheckedItem view, OrphanSearch orphans)
    {
        foreach (TargetFile file in context.Files.Directly(prefix + "blobs").Where(file => !context.Reached.Contains(file)))
        {
            if (Digest.TryParse(NameOf(file), null, out Digest digest))
                orphans.Add(view, file, digest);
            else
                view.Add(Finding.Of(FaultCode.BadBlobName, "the file's name is no digest", new Place(file.Path)));
        }
    }

    /// <summary>Judges everything that could not be told before the contents were read.</summary>
    public void Judge() => _walk?.Judge();

    private async Task WalkTagAsync(CheckedItem view, TargetFile file, CancellationToken cancellationToken)
    {
        string tag = NameOf(file);
        Place place = new(file.Path);
        context.Reached.Add(file);
        if (!ImageReference.IsTag(tag))
            view.Add(Finding.Of(FaultCode.BadReference, "the file's name is neither a tag nor a digest", place, actual: tag));
        if (await DocumentBytes.ReadAsync(context.Files, view, file, cancellationToken).ConfigureAwait(false) is not { } bytes)
            return;
        Digest digest = DigestOf(bytes.Span);
        _tags[tag] = digest;
        CheckedItem item = view.AddChild(new CheckedItem(CheckedKind.View, $"tag {tag}"));
        TargetFile? named = context.Files.Find(_names.OfManifest(digest));
        if (named is null)
            item.Add(Finding.Of(FaultCode.MissingDigestName, "the manifest has a tag and no name by its digest", place, _names.OfManifest(digest)));
        await WalkManifestAsync(item, named ?? file, digest, cancellationToken).ConfigureAwait(false);
    }

    private async Task WalkManifestAsync(CheckedItem parent, TargetFile file, Digest digest, CancellationToken cancellationToken)
    {
        if (await DocumentBytes.ReadAsync(context.Files, parent, file, cancellationToken).ConfigureAwait(false) is not { } bytes)
            return;
        if (DocumentType.Of(bytes) is not { } type)
        {
            context.Reached.Add(file);
            Digest actual = Digest.OfContent(digest.Algorithm, bytes.Span);
            parent.Add(actual == digest
                ? Finding.Of(FaultCode.BadManifest, "the document is neither a manifest nor an index", new Place(file.Path))
                : Finding.Of(FaultCode.DigestMismatch, "the content does not have the digest that names it", new Place(file.Path), digest.ToString(), actual.ToString()));
            return;
        }
        _names.AddManifest(digest, file.Path);
        _walk ??= new OciWalk(context, _names);
        await _walk.WalkAsync(parent, new FoundDescriptor(new Place(file.Path)) { MediaType = type, Digest = digest }, null, 0, cancellationToken).ConfigureAwait(false);
    }

    // The algorithm under whose name the manifest is there, if any.
    private Digest DigestOf(ReadOnlySpan<byte> bytes)
    {
        foreach (DigestAlgorithm algorithm in Enum.GetValues<DigestAlgorithm>())
        {
            Digest digest = Digest.OfContent(algorithm, bytes);
            if (context.Files.Has(_names.OfManifest(digest)))
                return digest;
        }
        return Digest.OfContent(DigestAlgorithm.Sha256, bytes);
    }

    private static string NameOf(TargetFile file) => file.Path[(file.Path.LastIndexOf('/') + 1)..];
}
