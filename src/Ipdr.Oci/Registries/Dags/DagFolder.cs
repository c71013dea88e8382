using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Registries.Dags;

/// <summary>A directory that is an OCI layout, a repository as IPDR writes it, or both.</summary>
/// <param name="reader">Reads the DAG.</param>
/// <param name="folder">The directory.</param>
internal sealed class DagFolder(DagReader reader, ContentPath folder) : DagImages(reader)
{
    private const string Manifests = "manifests";

    private const string Blobs = "blobs";

    /// <inheritdoc/>
    public override async ValueTask<UnixFsEntry?> FindAsync(Digest digest, CancellationToken cancellationToken) =>
        await TryGetAsync(folder.Below(Blobs, digest.Algorithm.Name, digest.Encoded), cancellationToken).ConfigureAwait(false)
        ?? await TryGetAsync(folder.Below(Blobs, digest.ToString()), cancellationToken).ConfigureAwait(false)
        ?? await TryGetAsync(folder.Below(Manifests, digest.ToString()), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public override async ValueTask<Digest?> FindAsync(Tag tag, CancellationToken cancellationToken)
    {
        Dictionary<string, Digest> tags = await ReadTagsAsync(cancellationToken).ConfigureAwait(false);
        if (tags.TryGetValue(tag.ToString(), out Digest named))
            return named;
        // Who looks for what refers to an image does not mean the image.
        if (ReferrerTag.Is(tag.ToString()))
            return null;
        // Who asks for a CID has said what is wanted; a tag adds something only where there is a choice.
        IReadOnlyList<Digest> roots = tags.Count > 0
            ? [.. tags.Where(pair => !ReferrerTag.Is(pair.Key)).Select(pair => pair.Value).Distinct()]
            : await ListManifestsAsync(cancellationToken).ConfigureAwait(false);
        return roots is [var only] ? only : null;
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<Tag>> ListTagsAsync(CancellationToken cancellationToken) =>
        [.. (await ReadTagsAsync(cancellationToken).ConfigureAwait(false)).Keys.Order(StringComparer.Ordinal).Select(tag => Tag.Parse(tag))];

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<Digest>> ListManifestsAsync(CancellationToken cancellationToken)
    {
        HashSet<Digest> found = [];
        foreach (NamedLink entry in await ListManifestFolderAsync(cancellationToken).ConfigureAwait(false))
        {
            if (Digest.TryParse(entry.Name, null, out Digest digest))
                found.Add(digest);
        }
        foreach (Descriptor entry in await ReadIndexAsync(cancellationToken).ConfigureAwait(false))
            found.Add(entry.Digest);
        return [.. found];
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<Descriptor>> ReadIndexAsync(CancellationToken cancellationToken)
    {
        if (await TryGetAsync(folder.Below(OciLayout.IndexFile), cancellationToken).ConfigureAwait(false) is not { } file)
            return [];
        return Document.ReadIndex(await ReadAsync(file, null, cancellationToken).ConfigureAwait(false), $"{folder}{Fault.PlaceSeparator}{OciLayout.IndexFile}").Manifests;
    }

    // The files called as tags are the same blocks as those called by digest; only by their content is a lone one known.
    private async ValueTask<Dictionary<string, Digest>> ReadTagsAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, Digest> tags = new(StringComparer.Ordinal);
        IReadOnlyList<NamedLink> files = await ListManifestFolderAsync(cancellationToken).ConfigureAwait(false);
        ILookup<Cid, Digest> digests = files.Where(file => Digest.TryParse(file.Name, null, out _)).ToLookup(file => file.Cid, file => Digest.Parse(file.Name));
        foreach (NamedLink file in files)
        {
            if (Tag.TryParse(file.Name, null, out _))
                tags[file.Name] = digests[file.Cid].Cast<Digest?>().FirstOrDefault() ?? await DigestOfAsync(file, cancellationToken).ConfigureAwait(false);
        }
        foreach (Descriptor entry in await ReadIndexAsync(cancellationToken).ConfigureAwait(false))
        {
            if (IndexEntryName.Of(entry).Tag is { } tag)
                tags.TryAdd(tag.ToString(), entry.Digest);
        }
        return tags;
    }

    private async ValueTask<Digest> DigestOfAsync(NamedLink file, CancellationToken cancellationToken)
    {
        UnixFsEntry? entry = await TryGetAsync(ContentPath.Of(file.Cid), cancellationToken).ConfigureAwait(false);
        ReadOnlyMemory<byte> content = await ReadAsync(entry!, null, cancellationToken).ConfigureAwait(false);
        return Digest.OfContent(DigestAlgorithm.Sha256, content.Span);
    }

    private async ValueTask<IReadOnlyList<NamedLink>> ListManifestFolderAsync(CancellationToken cancellationToken) =>
        await TryGetAsync(folder.Below(Manifests), cancellationToken).ConfigureAwait(false) is { Kind: UnixFs.DagEntryKind.Directory }
            ? await ListAsync(folder.Below(Manifests), cancellationToken).ConfigureAwait(false)
            : [];
}
