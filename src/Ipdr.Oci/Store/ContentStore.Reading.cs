using System.Text.Json;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Staging;
using Ipdr.Oci.Store.Cataloguing;
using Microsoft.Data.Sqlite;

namespace Ipdr.Oci.Store;

/// <content>What a registry asks.</content>
public sealed partial class ContentStore
{
    /// <inheritdoc/>
    public ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken)
    {
        const string Query = """
            SELECT b.digest, b.size, m.media_type FROM repositories r
            JOIN tags t ON t.repository = r.id AND t.name = $2
            JOIN repository_manifests m ON m.repository = r.id AND m.manifest = t.manifest
            JOIN blobs b ON b.id = t.manifest
            WHERE r.name = $1
            """;
        return LoadAsync(_catalogue.Read(connection => connection.First(Query, ReadDescriptor, repository.ToString(), tag.ToString())), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken)
    {
        const string Query = """
            SELECT b.digest, b.size, m.media_type FROM blobs b
            JOIN repositories r ON r.name = $1
            JOIN repository_manifests m ON m.repository = r.id AND m.manifest = b.id
            WHERE b.digest = $2
            """;
        return LoadAsync(_catalogue.Read(connection => connection.First(Query, ReadDescriptor, repository.ToString(), digest.ToString())), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<RegistryBlob?> FindBlobAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        new(_catalogue.Read(connection => FindBlob(connection, repository, digest)));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Tag>?> ListTagsAsync(RepositoryName repository, string after, int limit, CancellationToken cancellationToken) =>
        new(_catalogue.Read(connection => connection.First("SELECT id FROM repositories WHERE name = $1", row => row.GetInt64(0), repository.ToString()) switch
        {
            0 => null,
            long id => (IReadOnlyList<Tag>)connection.All(
                "SELECT name FROM tags WHERE repository = $1 AND name > $2 ORDER BY name LIMIT $3", row => Tag.Parse(row.GetString(0)), id, after, limit),
        }));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RepositoryName>> ListRepositoriesAsync(string after, int limit, CancellationToken cancellationToken)
    {
        const string Query = """
            SELECT name FROM repositories r
            WHERE name > $1 AND EXISTS (SELECT 1 FROM repository_manifests m WHERE m.repository = r.id)
            ORDER BY name LIMIT $2
            """;
        return new(_catalogue.Read(connection => connection.All(Query, row => RepositoryName.Parse(row.GetString(0)), after, limit)));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Descriptor>> ListReferrersAsync(
        RepositoryName repository, Digest subject, string? artifactType, string after, int limit, CancellationToken cancellationToken)
    {
        const string Query = """
            SELECT b.digest, b.size, rm.media_type, m.artifact_type, m.annotations FROM manifests m
            JOIN blobs b ON b.id = m.blob
            JOIN repositories r ON r.name = $1
            JOIN repository_manifests rm ON rm.repository = r.id AND rm.manifest = m.blob
            WHERE m.subject = $2 AND ($3 IS NULL OR m.artifact_type = $3) AND b.digest > $4
            ORDER BY b.digest LIMIT $5
            """;
        return new(_catalogue.Read(connection => connection.All(
            Query, ReadReferrer, repository.ToString(), subject.ToString(), artifactType, after, limit)));
    }

    /// <summary>Says that somebody asked whether content is there, and may be about to refer to it: a collection leaves it for a while.</summary>
    public async Task NoteInterestAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        // Written down rarely: half the grace is more than enough for a push to end.
        long stale = Now - (long)(_options.Grace.TotalSeconds / 2);
        if (!IsReadOnly && _catalogue.Read(connection => connection.First("SELECT touched < $2 FROM blobs WHERE digest = $1", row => row.GetBoolean(0), digest.ToString(), stale)))
        {
            await _catalogue.WriteAsync(
                connection => connection.Execute("UPDATE blobs SET touched = $2 WHERE digest = $1", digest.ToString(), Now), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Every tag, and every manifest that has none, is part of nothing else and refers to no other one there, in ordinal order.</summary>
    public IReadOnlyList<StoredImage> ListImages()
    {
        const string Query = """
            SELECT r.name, t.name, b.digest, m.media_type, t.updated, i.image_id, i.os, i.architecture, i.variant, t.cid,
                (WITH RECURSIVE reached (digest) AS (
                    SELECT b.digest UNION
                    SELECT e.digest FROM reached JOIN blobs x ON x.digest = reached.digest JOIN manifest_references e ON e.manifest = x.id)
                 SELECT sum(size) FROM blobs WHERE digest IN reached)
            FROM repository_manifests m
            JOIN repositories r ON r.id = m.repository
            JOIN blobs b ON b.id = m.manifest
            LEFT JOIN tags t ON t.repository = m.repository AND t.manifest = m.manifest
            LEFT JOIN images i ON i.manifest = m.manifest
            JOIN manifests d ON d.blob = b.id
            WHERE t.name IS NOT NULL OR NOT EXISTS (
                SELECT 1 FROM manifest_references e JOIN repository_manifests p ON p.manifest = e.manifest JOIN manifests o ON o.blob = p.manifest
                WHERE e.digest = b.digest AND p.repository = m.repository AND o.subject IS NOT b.digest)
            AND NOT EXISTS (
                SELECT 1 FROM blobs s JOIN repository_manifests p ON p.manifest = s.id WHERE s.digest = d.subject AND p.repository = m.repository)
            ORDER BY r.name, t.name IS NULL, t.name, b.digest
            """;
        return [.. _catalogue.Read(connection => connection.All(Query, ReadImage)).Select(NameByRoot)];
    }

    // What was pulled by a CID is in a repository that is called by it. Anybody may call a repository so: it counts where the DAG is here.
    private StoredImage NameByRoot(StoredImage image) =>
        image is { Cid: null, Tag: not null } && ContentPath.TryParse(image.Repository.ToString(), null, out ContentPath? path) && path.Segments.Count == 0
            && FindManifests(path.Root).Contains(image.Digest)
            ? image with { Cid = path.Root }
            : image;

    private FileBlob? FindBlob(CatalogueConnection connection, RepositoryName repository, Digest digest)
    {
        const string Query = """
            SELECT b.digest, b.size FROM blobs b
            JOIN repositories r ON r.name = $1
            JOIN repository_blobs rb ON rb.repository = r.id AND rb.blob = b.id
            WHERE b.digest = $2
            """;
        return Present(connection.First(Query, ReadBlob, repository.ToString(), digest.ToString()));
    }

    // A file that somebody deleted or cut off has to come again: who asks must not be told that it is here.
    private FileBlob? Present(FileBlob? blob) => blob is not null && _blobs.Holds(blob.Digest, blob.Size) ? blob : null;

    private async ValueTask<RegistryManifest?> LoadAsync((Digest Digest, long Size, MediaType Type)? found, CancellationToken cancellationToken)
    {
        if (found is not { } manifest)
            return null;
        if (_documents.TryGet(manifest.Digest, out ReadOnlyMemory<byte> content))
            return new RegistryManifest(manifest.Digest, manifest.Type, content);
        byte[] bytes = new byte[manifest.Size];
        string path = _blobs.PathOf(manifest.Digest);
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
                await file.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (FileNotFoundException)
        {
            // Collected since the catalogue was asked.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DestinationIo.Explain(path, e);
        }
        if (Digest.OfContent(manifest.Digest.Algorithm, bytes) is var actual && actual != manifest.Digest)
            throw Rotten(manifest.Digest, actual, path);
        _documents.Add(manifest.Digest, bytes);
        return new RegistryManifest(manifest.Digest, manifest.Type, bytes);
    }

    private static IpdrException Rotten(Digest expected, Digest actual, string path) => new(new Fault(
        FaultCode.StoreDamaged, "a file of the store has changed since it was written", path, "Check the disk, and push the image again; or take the file from elsewhere with ipdr verify store: --repair-from.")
    {
        Expected = expected.ToString(),
        Actual = actual.ToString(),
    });

    private FileBlob ReadBlob(SqliteDataReader row)
    {
        Digest digest = Digest.Parse(row.GetString(0));
        return new FileBlob(digest, row.GetInt64(1), _blobs.PathOf(digest));
    }

    private static (Digest Digest, long Size, MediaType Type)? ReadDescriptor(SqliteDataReader row) =>
        (Digest.Parse(row.GetString(0)), row.GetInt64(1), MediaType.Parse(row.GetString(2)));

    private static Descriptor ReadReferrer(SqliteDataReader row) => new(MediaType.Parse(row.GetString(2)), Digest.Parse(row.GetString(0)), row.GetInt64(1))
    {
        ArtifactType = TextOrNull(row, 3),
        Annotations = TextOrNull(row, 4) is { } json ? JsonSerializer.Deserialize(json, RegistryJson.Default.Annotations) : null,
    };

    private static StoredImage ReadImage(SqliteDataReader row) => new(
        RepositoryName.Parse(row.GetString(0)),
        TextOrNull(row, 1) is { } tag ? Tag.Parse(tag) : null,
        Digest.Parse(row.GetString(2)),
        MediaType.Parse(row.GetString(3)),
        row.GetInt64(10),
        TextOrNull(row, 5) is { } image ? Digest.Parse(image) : null,
        TextOrNull(row, 6) is { } os && new Platform(row.GetString(7), os) { Variant = TextOrNull(row, 8) } is { IsUnknown: false } platform ? platform : null,
        row.IsDBNull(4) ? null : DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(4)),
        ReadCid(row, 9));

    private static string? TextOrNull(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
