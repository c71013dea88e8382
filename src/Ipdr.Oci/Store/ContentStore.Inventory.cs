using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Staging;
using Ipdr.Oci.Store.Cataloguing;
using Ipdr.Oci.Store.Naming;
using Microsoft.Data.Sqlite;

namespace Ipdr.Oci.Store;

/// <content>What the catalogue claims, for whoever holds it against the bytes; and the way back for blobs that have rotted.</content>
public sealed partial class ContentStore
{
    // How often a file that nobody knows is looked at before it is called a stray.
    private const int StrayLooks = 4;

    private static readonly TimeSpan StrayPause = TimeSpan.FromMilliseconds(200);

    /// <summary>The folder below which each blob is <c>ALGORITHM/HEX</c>.</summary>
    internal string BlobsFolder => _blobs.Root;

    /// <summary>Files that are to become blobs are staged here.</summary>
    internal StagingFolder Staging => _staging.Value;

    /// <summary>All that the catalogue claims, of one moment.</summary>
    internal StoreInventory TakeInventory()
    {
        const string Manifests = """
            SELECT r.name, t.name, b.digest, m.media_type, b.size, i.image_id, t.cid FROM repository_manifests m
            JOIN repositories r ON r.id = m.repository
            JOIN blobs b ON b.id = m.manifest
            LEFT JOIN tags t ON t.repository = m.repository AND t.manifest = m.manifest
            LEFT JOIN images i ON i.manifest = m.manifest
            ORDER BY r.name, t.name IS NULL, t.name, b.digest
            """;
        const string Blobs = "SELECT b.digest, b.size, f.cid FROM blobs b LEFT JOIN files f ON f.blob = b.id AND f.profile = $1 ORDER BY b.digest";
        const string Layers = "SELECT c.diff_id, b.digest FROM compressed_layers c JOIN blobs b ON b.id = c.blob ORDER BY b.digest, c.diff_id";
        const string Roots = "SELECT r.cid, b.digest FROM roots r JOIN blobs b ON b.id = r.manifest ORDER BY b.digest, r.cid";
        return _catalogue.Read(connection => connection.InSnapshot(() => new StoreInventory(
            connection.All(Manifests, ReadInventoryManifest),
            connection.All(Blobs, row => new InventoryBlob(Digest.Parse(row.GetString(0)), row.GetInt64(1), ReadCid(row, 2)), BlobNaming.ProfileName),
            connection.All(Layers, row => (Digest.Parse(row.GetString(0)), Digest.Parse(row.GetString(1)))),
            connection.All(Roots, row => (ReadCid(row, 0)!.Value, Digest.Parse(row.GetString(1)))))));
    }

    /// <summary>Which of these blobs the catalogue knows and the disk has not. Nobody takes in or collects a blob while this is looked at.</summary>
    internal Task<IReadOnlySet<Digest>> FindLostAsync(IEnumerable<Digest> blobs, CancellationToken cancellationToken) => HoldingStillAsync<IReadOnlySet<Digest>>(
        connection => blobs.Where(blob => Knows(connection, blob) && !Path.Exists(_blobs.PathOf(blob))).ToHashSet(), cancellationToken);

    /// <summary>Which of these blobs lie on the disk, are not known, and are left alone: neither pushed nor collected just now.</summary>
    /// <remarks>A collection forgets its files first and deletes them then; as long as they become fewer it is at it.</remarks>
    internal async Task<IReadOnlyList<Digest>> FindStraysAsync(IReadOnlyList<Digest> blobs, CancellationToken cancellationToken)
    {
        for (int looks = 0; blobs.Count > 0 && looks < StrayLooks; looks++)
        {
            if (looks > 0)
                await Task.Delay(StrayPause, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<Digest> asked = blobs;
            // A push moves its file and enters it while nobody else can look.
            blobs = await HoldingStillAsync<IReadOnlyList<Digest>>(
                connection => [.. asked.Where(blob => !Knows(connection, blob) && Path.Exists(_blobs.PathOf(blob)))], cancellationToken).ConfigureAwait(false);
            if (blobs.Count < asked.Count)
                looks = 0;
        }
        return blobs;
    }

    // Where the store can only be read nobody can be kept from writing it.
    private Task<T> HoldingStillAsync<T>(Func<CatalogueConnection, T> look, CancellationToken cancellationToken) =>
        IsReadOnly ? Task.FromResult(_catalogue.Read(look)) : _catalogue.WriteAsync(look, cancellationToken);

    /// <summary>Whether the catalogue knows a blob.</summary>
    internal bool Knows(Digest blob) => _catalogue.Read(connection => Knows(connection, blob));

    /// <summary>The blocks that are said to lie in a blob.</summary>
    internal IReadOnlyList<(Multihash Hash, BlockPlace Place)> ListSlices(Digest blob) => _catalogue.Read(connection => connection.All(
        "SELECT b.digest, s.start, s.length, s.head, s.tail, s.hash FROM slices s JOIN blobs b ON b.id = s.blob WHERE b.digest = $1 ORDER BY s.start, s.hash",
        row => (ReadHash(row, 5), ReadPlace(row)),
        blob.ToString()));

    /// <summary>The blocks that are kept beside the blobs for the sake of one of them.</summary>
    internal IReadOnlyList<(Multihash Hash, byte[] Content)> ListNodes(Digest owner) => _catalogue.Read(connection => connection.All(
        "SELECT n.hash, n.content FROM nodes n JOIN blobs b ON b.id = n.owner WHERE b.digest = $1 ORDER BY n.hash",
        row => (ReadHash(row, 0), row.GetFieldValue<byte[]>(1)),
        owner.ToString()));

    /// <summary>A block, read where the catalogue says that it lies; null if its blob is gone.</summary>
    internal ValueTask<System.Buffers.IMemoryOwner<byte>?> ReadBlockAsync(BlockPlace place, CancellationToken cancellationToken) => ReadAsync(place, cancellationToken);

    /// <summary>What a manifest is said to refer to; null when the catalogue does not have it as a manifest any more.</summary>
    internal IReadOnlyList<Digest>? ListReferences(Digest manifest) => _catalogue.Read(connection => connection.InSnapshot(() =>
        connection.First("SELECT 1 FROM manifests m JOIN blobs b ON b.id = m.blob WHERE b.digest = $1", row => row.GetInt64(0), manifest.ToString()) == 0
            ? null
            : connection.All(
                "SELECT e.digest FROM manifest_references e JOIN blobs b ON b.id = e.manifest WHERE b.digest = $1 ORDER BY e.digest",
                row => Digest.Parse(row.GetString(0)),
                manifest.ToString())));

    /// <summary>Whether a repository that holds a manifest gives out a blob; true as well where it does not hold the manifest any more.</summary>
    internal bool Gives(RepositoryName repository, Digest manifest, Digest blob)
    {
        const string Query = """
            SELECT 1 FROM repositories r JOIN repository_blobs rb ON rb.repository = r.id JOIN blobs b ON b.id = rb.blob WHERE r.name = $1 AND b.digest = $2
            """;
        return _catalogue.Read(connection => connection.InSnapshot(() =>
            connection.First(Query, row => row.GetInt64(0), repository.ToString(), blob.ToString()) == 1 || !HoldsManifest(connection, repository, manifest)));
    }

    /// <summary>Whether a CID still leads to a manifest.</summary>
    internal bool HasRoot(Cid root, Digest manifest) => FindManifests(root).Contains(manifest);

    /// <summary>Computes the CID of an image, whatever the catalogue says that it is; nothing is entered.</summary>
    /// <returns>Null if there is no such manifest, or layers of the image are missing.</returns>
    /// <exception cref="Faults.IpdrException">A document or blob of the image cannot be read.</exception>
    internal async Task<Cid?> ComputeCidAsync(RepositoryName repository, Tag? tag, Digest manifest, CancellationToken cancellationToken)
    {
        StoredLayout layout = await NameAsync(repository, tag is { } named ? [named] : [], manifest, [], null, cancellationToken).ConfigureAwait(false);
        return layout is { IsWhole: true, Roots: [(_, Cid cid), ..] } ? cid : null;
    }

    /// <summary>Puts a blob in its place again, whether what is there has rotted or nothing is there.</summary>
    /// <remarks>What the catalogue does not know is entered, for all repositories whose manifests refer to it.</remarks>
    /// <param name="digest">The blob; the caller has hashed what it wrote. A manifest that the catalogue does not know is pushed, and not put back.</param>
    /// <param name="file">The file, staged in this store.</param>
    /// <param name="cancellationToken">Gives up; then the file is as it was.</param>
    /// <returns>False if nothing refers to it any more.</returns>
    internal async Task<bool> RestoreAsync(Digest digest, StagedFile file, CancellationToken cancellationToken)
    {
        const string Link = """
            INSERT OR IGNORE INTO repository_blobs (repository, blob)
            SELECT m.repository, $2 FROM manifest_references e JOIN repository_manifests m ON m.manifest = e.manifest WHERE e.digest = $1
            """;
        await file.CompletedAsync().ConfigureAwait(false);
        return await _catalogue.WriteAsync(
            connection =>
            {
                if (Knows(connection, digest))
                {
                    _blobs.Place(file.Path, digest);
                    connection.Execute("UPDATE blobs SET size = $2, touched = max(touched, $3) WHERE digest = $1", digest.ToString(), file.Length, Now);
                    return true;
                }
                if (connection.First("SELECT 1 FROM manifest_references WHERE digest = $1", row => row.GetInt64(0), digest.ToString()) == 0)
                    return false;
                connection.Execute(Link, digest.ToString(), Enter(connection, digest, file.Length, file.Path));
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static bool Knows(CatalogueConnection connection, Digest blob) =>
        connection.First("SELECT 1 FROM blobs WHERE digest = $1", row => row.GetInt64(0), blob.ToString()) == 1;

    private static Multihash ReadHash(SqliteDataReader row, int column) =>
        Multihash.Read(row.GetFieldValue<byte[]>(column), out Multihash hash, out _) == CidFault.None ? hash : default;

    private static InventoryManifest ReadInventoryManifest(SqliteDataReader row) => new(
        RepositoryName.Parse(row.GetString(0)),
        TextOrNull(row, 1) is { } tag ? Registries.Tag.Parse(tag) : null,
        Digest.Parse(row.GetString(2)),
        MediaType.Parse(row.GetString(3)),
        row.GetInt64(4),
        TextOrNull(row, 5) is { } image ? Digest.Parse(image) : null,
        ReadCid(row, 6));
}
