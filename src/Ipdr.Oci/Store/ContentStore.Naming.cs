using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Store.Cataloguing;
using Ipdr.Oci.Store.Naming;
using Ipdr.Oci.UnixFs.Files;
using Ipdr.Oci.UnixFs.Importing;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Store;

/// <content>Images have CIDs: those of their universal layouts.</content>
public sealed partial class ContentStore
{
    /// <summary>The CID that an image has under a tag: that of the universal layout which holds it under that name and nothing else.</summary>
    /// <remarks>It is computed when it is first asked for, unless a push has done it, and from then on its blocks are here; each time where the store can only be read.</remarks>
    /// <returns>Null if the repository has no such tag, or layers of the image are missing.</returns>
    /// <exception cref="IpdrException">A document or blob of the image cannot be read.</exception>
    public async Task<Cid?> FindCidAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken = default)
    {
        const string Query = """
            SELECT b.digest, t.cid FROM repositories r JOIN tags t ON t.repository = r.id AND t.name = $2 JOIN blobs b ON b.id = t.manifest WHERE r.name = $1
            """;
        (Digest? manifest, Cid? known) = _catalogue.Read(connection => connection.First<(Digest?, Cid?)>(
            Query, row => (Digest.Parse(row.GetString(0)), ReadCid(row, 1)), repository.ToString(), tag.ToString()));
        if (known is not null || manifest is not { } digest)
            return known;
        StoredLayout layout = await NameAsync(repository, [tag], digest, [], null, cancellationToken).ConfigureAwait(false);
        return await EnterAsync(repository, digest, layout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The CID of an image without a name.</summary>
    /// <returns>Null if the repository has no such manifest, or layers of the image are missing.</returns>
    /// <exception cref="IpdrException">A document or blob of the image cannot be read.</exception>
    public async Task<Cid?> FindCidAsync(RepositoryName repository, Digest manifest, CancellationToken cancellationToken = default)
    {
        if (!_catalogue.Read(connection => HoldsManifest(connection, repository, manifest)))
            return null;
        StoredLayout layout = await NameAsync(repository, [], manifest, [], null, cancellationToken).ConfigureAwait(false);
        return await EnterAsync(repository, manifest, layout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The CID of an image with what refers to it: that of the universal layout which holds them under its name and nothing else.</summary>
    /// <param name="repository">What the image is called.</param>
    /// <param name="tag">Its tag; null for an image without a name.</param>
    /// <param name="manifest">The manifest or index.</param>
    /// <param name="referrers">What refers to it; as long as the image is here all of that stays, for the sake of the CID.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null if a manifest is not here, or layers are missing.</returns>
    /// <exception cref="IpdrException">A document or blob cannot be read.</exception>
    internal async Task<Cid?> FindCidAsync(RepositoryName repository, Tag? tag, Digest manifest, IReadOnlyList<StoredReferrer> referrers, CancellationToken cancellationToken)
    {
        StoredLayout layout = await NameAsync(repository, tag is { } named ? [named] : [], manifest, referrers, null, cancellationToken).ConfigureAwait(false);
        return await EnterAsync(repository, manifest, layout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The manifests whose images have a DAG with that root here, in ordinal order.</summary>
    public IReadOnlyList<Digest> FindManifests(Cid root)
    {
        const string Query = "SELECT b.digest FROM roots r JOIN blobs b ON b.id = r.manifest WHERE r.cid IN ($1, $2) ORDER BY b.digest";
        byte[] version1 = BytesOf(root.ToVersion1()), version0 = root.TryToVersion0(out Cid other) ? BytesOf(other) : version1;
        return _catalogue.Read(connection => connection.All(Query, row => Digest.Parse(row.GetString(0)), version1, version0));
    }

    /// <summary>Takes in a DAG that holds an image of the store, so that its CID leads here from now on, whatever rules it was made by.</summary>
    /// <remarks>
    /// What the DAG has of blobs of the store stays there, as long as the manifest does; only its other blocks are kept beside. They go with the manifest.
    /// </remarks>
    /// <param name="root">The DAG's root.</param>
    /// <param name="blocks">Where its blocks are; the leaves of blobs that the store has are not asked for.</param>
    /// <param name="manifest">The manifest or index, which is in the store.</param>
    /// <param name="cancellationToken">Gives up; then nothing was taken in.</param>
    /// <returns>False if the store does not have the manifest.</returns>
    /// <exception cref="IpdrException">A block is missing, wrong or malformed, or the DAG has too much beside its blobs (<see cref="FaultCode.Limit"/>).</exception>
    public async Task<bool> AddDagAsync(Cid root, IBlockSource blocks, Digest manifest, CancellationToken cancellationToken = default)
    {
        DagIntake intake = new(blocks, FindBlob, FindFileCid);
        await intake.TakeAsync(root, cancellationToken).ConfigureAwait(false);
        return await _catalogue.WriteAsync(
            connection =>
            {
                long owner = connection.First("SELECT blob FROM manifests m JOIN blobs b ON b.id = m.blob WHERE b.digest = $1", row => row.GetInt64(0), manifest.ToString());
                if (owner == 0)
                    return false;
                EnterNodes(connection, owner, intake.Nodes);
                foreach ((Multihash hash, BlockPlace place) in intake.Places)
                    EnterPlace(connection, hash, place);
                EnterRoot(connection, owner, root, intake.Blobs);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static void EnterPlace(CatalogueConnection connection, Multihash hash, BlockPlace place) => connection.Execute(
        "INSERT OR IGNORE INTO slices (hash, blob, start, length, head, tail) SELECT $1, id, $3, $4, $5, $6 FROM blobs WHERE digest = $2",
        BytesOf(hash), place.Blob.ToString(), place.Start, place.Length, place.Head, place.Tail);

    private static void EnterRoot(CatalogueConnection connection, long manifest, Cid root, IEnumerable<Digest> needed)
    {
        connection.Execute("INSERT OR IGNORE INTO roots (cid, manifest) VALUES ($1, $2)", BytesOf(root), manifest);
        foreach (Digest digest in needed)
            connection.Execute("INSERT OR IGNORE INTO root_references (cid, manifest, digest) VALUES ($1, $2, $3)", BytesOf(root), manifest, digest.ToString());
    }

    // The CID of an image that is whole.
    private async Task<Cid?> EnterAsync(RepositoryName repository, Digest manifest, StoredLayout layout, CancellationToken cancellationToken)
    {
        if (!layout.IsWhole)
            return null;
        if (!IsReadOnly)
            await _catalogue.WriteAsync(connection => EnterLayout(connection, repository, manifest, layout), cancellationToken).ConfigureAwait(false);
        return layout.Roots is [(_, Cid cid), ..] ? cid : null;
    }

    /// <summary>Enters what was computed, as far as it is still true: nothing happens for a manifest that is gone, or a tag that has moved.</summary>
    private static void EnterLayout(CatalogueConnection connection, RepositoryName repository, Digest manifest, StoredLayout layout)
    {
        long owner = connection.First("SELECT m.blob FROM manifests m JOIN blobs b ON b.id = m.blob WHERE b.digest = $1", row => row.GetInt64(0), manifest.ToString());
        if (owner == 0)
            return;
        foreach ((Digest blob, BlobIndex index) in layout.NewIndexes)
        {
            long id = connection.First("SELECT id FROM blobs WHERE digest = $1", row => row.GetInt64(0), blob.ToString());
            if (id != 0)
                EnterIndex(connection, id, index);
        }
        EnterNodes(connection, owner, layout.Nodes);
        foreach ((Tag? tag, Cid cid) in layout.Roots)
        {
            EnterRoot(connection, owner, cid, layout.Referrers.Select(referrer => referrer.Manifest));
            // What a tag has is the CID of the image alone.
            if (layout.Referrers.Count > 0)
                continue;
            connection.Execute(
                "UPDATE tags SET cid = $4 WHERE repository = (SELECT id FROM repositories WHERE name = $1) AND name = $2 AND manifest = $3",
                repository.ToString(), tag?.ToString(), owner, BytesOf(cid));
        }
    }

    /// <summary>Computes the CIDs of an image, one for each tag, or one without a name.</summary>
    /// <param name="repository">What it is called.</param>
    /// <param name="tags">Its tags; none for an image without a name.</param>
    /// <param name="manifest">The manifest or index.</param>
    /// <param name="referrers">What goes with it.</param>
    /// <param name="content">The manifest's bytes, if they are not in the store yet.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async Task<StoredLayout> NameAsync(
        RepositoryName repository, IReadOnlyList<Tag> tags, Digest manifest, IReadOnlyList<StoredReferrer> referrers, ReadOnlyMemory<byte>? content, CancellationToken cancellationToken)
    {
        StoredLayout layout = new(repository, referrers);
        Stack<(Digest Digest, ReadOnlyMemory<byte>? Content)> left = new([(manifest, content), .. referrers.Select(referrer => (referrer.Manifest, (ReadOnlyMemory<byte>?)null))]);
        while (left.TryPop(out (Digest Digest, ReadOnlyMemory<byte>? Content) next))
        {
            if (layout.Has(next.Digest) || (next.Content ?? await ReadDocumentAsync(next.Digest, cancellationToken).ConfigureAwait(false)) is not { } document)
                continue;
            ManifestSummary summary = ManifestSummary.Read(document, null, $"{repository}@{next.Digest}");
            // A document is its own node, whether it is in the store already or not.
            BlobIndex index = await IndexAsync(next.Digest, document, cancellationToken).ConfigureAwait(false);
            layout.AddManifest(next.Digest, document, summary, index);
            foreach (Digest blob in summary.NeededBlobs.Concat(summary.Layers).Select(descriptor => descriptor.Digest).Distinct())
            {
                if (!layout.Has(blob) && FindBlob(blob) is { } found)
                    await AddBlobAsync(layout, found, cancellationToken).ConfigureAwait(false);
            }
            layout.IsWhole &= summary.NeededBlobs.All(blob => layout.Has(blob.Digest));
            foreach (Digest child in summary.Manifests.Select(descriptor => descriptor.Digest))
                left.Push((child, null));
        }
        await layout.BuildAsync(manifest, tags, cancellationToken).ConfigureAwait(false);
        return layout;
    }

    private async Task AddBlobAsync(StoredLayout layout, FileBlob blob, CancellationToken cancellationToken)
    {
        if (FindFileCid(blob.Digest) is { } known)
            layout.AddBlob(blob.Digest, known, blob.Size, null);
        else if (await TryIndexAsync(blob, cancellationToken).ConfigureAwait(false) is { } index)
            layout.AddBlob(blob.Digest, index.Cid, blob.Size, index);
    }

    // The CID by the store's own rules, for blobs whose blocks are entered.
    private Cid? FindFileCid(Digest blob)
    {
        const string Query = "SELECT f.cid FROM files f JOIN blobs b ON b.id = f.blob WHERE b.digest = $1 AND f.profile = $2";
        return _catalogue.Read(connection => connection.First(Query, row => ReadCid(row, 0), blob.ToString(), BlobNaming.ProfileName));
    }

    // Null when the blob was collected meanwhile.
    private static async Task<BlobIndex?> TryIndexAsync(FileBlob blob, CancellationToken cancellationToken)
    {
        try
        {
            Stream content = await blob.OpenAsync(0, cancellationToken).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
                return await BlobNaming.IndexAsync(await NodeOfAsync(content, blob.Path, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static async Task<FileNode> NodeOfAsync(Stream content, string path, CancellationToken cancellationToken)
    {
        FileBuilder builder = new(BlobNaming.Form, keep: true);
        using StreamRunSource source = new(content, path);
        await new FileHasher(BlobNaming.Form, Environment.ProcessorCount).HashAsync(source, builder, cancellationToken).ConfigureAwait(false);
        return builder.Finish(new DiskContent(path), default);
    }

    private Task<BlobIndex> IndexAsync(Digest document, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using FileSink sink = new(BlobNaming.Form, keep: true);
        sink.Append(content.Span);
        return BlobNaming.IndexAsync(sink.Finish(new DiskContent(_blobs.PathOf(document))), cancellationToken);
    }

    // A manifest or index of any repository; null if there is none.
    private async ValueTask<ReadOnlyMemory<byte>?> ReadDocumentAsync(Digest digest, CancellationToken cancellationToken)
    {
        const string Query = "SELECT b.digest, b.size FROM manifests m JOIN blobs b ON b.id = m.blob WHERE b.digest = $1";
        (Digest Digest, long Size, Images.MediaType Type)? found = _catalogue.Read(connection => connection.First<(Digest, long, Images.MediaType)?>(
            Query, row => (digest, row.GetInt64(1), default), digest.ToString()));
        return (await LoadAsync(found, cancellationToken).ConfigureAwait(false))?.Content;
    }
}
