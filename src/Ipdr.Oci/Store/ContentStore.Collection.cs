using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Store.Cataloguing;
using Microsoft.Data.Sqlite;

namespace Ipdr.Oci.Store;

/// <content>What nothing refers to goes.</content>
public sealed partial class ContentStore
{
    // Deleting files holds the write lock; between batches others may write.
    private const int FilesPerBatch = 256;

    /// <summary>Removes what nothing needs: neither a tag, an index, a subject, a referrer of something that stays, the CID of an image that stays, a pin nor a running push.</summary>
    /// <remarks>
    /// Marking and entering the removal are one transaction, so nothing can begin to refer to what goes. Files are deleted after that,
    /// each under the write lock and only if it was not pushed again meanwhile; a collection that is killed leaves files that the next
    /// one finds.
    /// </remarks>
    /// <exception cref="IpdrException">The store cannot be read or written.</exception>
    public async Task<CollectionReport> CollectAsync(CollectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new CollectionOptions();
        List<Garbage> garbage = options.DryRun
            ? _catalogue.Read(connection => FindGarbage(connection, options))
            : await _catalogue.WriteAsync(connection => Forget(connection, FindGarbage(connection, options)), cancellationToken).ConfigureAwait(false);
        if (!options.DryRun)
            await DeleteUnknownAsync(garbage.Select(item => item.Digest), cancellationToken).ConfigureAwait(false);

        (int strays, long strayBytes) = await RemoveStraysAsync(options, garbage.Count > 0, cancellationToken).ConfigureAwait(false);
        (int uploads, long uploadBytes) = await RemoveUploadsAsync(options, cancellationToken).ConfigureAwait(false);
        (int blocks, long blockBytes) = BlockCache.Collect(Path.Combine(Home, BlockCache.FolderName), _options.Clock.GetUtcNow() - options.CacheAge, options.DryRun, cancellationToken);
        return new CollectionReport(
            [.. garbage.Where(item => item.IsManifest).Select(item => item.Digest)],
            [.. garbage.Where(item => !item.IsManifest).Select(item => item.Digest)],
            uploads,
            strays,
            garbage.Sum(item => item.Size) + strayBytes + uploadBytes + blockBytes)
        {
            CachedBlocks = blocks,
        };
    }

    private List<Garbage> FindGarbage(CatalogueConnection connection, CollectionOptions options)
    {
        // From the roots along references, from a manifest to those that have it as their subject and are still in a repository, and to what its CIDs hold beside it.
        const string Mark = """
            INSERT OR IGNORE INTO live
            WITH RECURSIVE reached (digest) AS (
                SELECT b.digest FROM tags t JOIN blobs b ON b.id = t.manifest
                WHERE NOT EXISTS (SELECT 1 FROM attached a WHERE a.repository = t.repository AND a.name = t.name)
                UNION SELECT digest FROM pins
                UNION SELECT digest FROM blobs WHERE touched > $1
                UNION SELECT b.digest FROM repository_manifests m JOIN blobs b ON b.id = m.manifest WHERE $2
                UNION
                SELECT e.digest FROM reached JOIN blobs b ON b.digest = reached.digest JOIN manifest_references e ON e.manifest = b.id
                UNION
                SELECT b.digest FROM reached JOIN manifests m ON m.subject = reached.digest JOIN blobs b ON b.id = m.blob
                WHERE EXISTS (SELECT 1 FROM repository_manifests h WHERE h.manifest = m.blob)
                UNION
                SELECT b.digest FROM reached JOIN attached a ON a.subject = reached.digest
                JOIN tags t ON t.repository = a.repository AND t.name = a.name JOIN blobs b ON b.id = t.manifest
                UNION
                SELECT e.digest FROM reached JOIN blobs b ON b.digest = reached.digest JOIN root_references e ON e.manifest = b.id)
            SELECT digest FROM reached
            """;
        const string Sweep = """
            SELECT b.digest, b.size, m.blob IS NOT NULL FROM blobs b LEFT JOIN manifests m ON m.blob = b.id
            WHERE b.digest NOT IN (SELECT digest FROM live) ORDER BY b.digest
            """;
        long fresh = Now - (long)(options.Grace ?? _options.Grace).TotalSeconds;
        connection.Run("CREATE TEMP TABLE IF NOT EXISTS live (digest TEXT PRIMARY KEY) WITHOUT ROWID");
        connection.Execute("DELETE FROM live");
        FindAttached(connection);
        connection.Execute(Mark, fresh, options.KeepUntagged);
        return connection.All(Sweep, ReadGarbage);
    }

    // A signature that a tag attaches goes with the image, where both are in one repository. Who keeps signatures apart from their images keeps them by their tags.
    private static void FindAttached(CatalogueConnection connection)
    {
        const string Enter = """
            INSERT INTO attached SELECT h.repository, $2, s.digest FROM blobs s JOIN repository_manifests h ON h.manifest = s.id AND h.repository = $1 WHERE s.digest = $3
            """;
        connection.Run("CREATE TEMP TABLE IF NOT EXISTS attached (repository INTEGER, name TEXT, subject TEXT, PRIMARY KEY (repository, name)) WITHOUT ROWID");
        connection.Run("CREATE INDEX IF NOT EXISTS temp.attached_by_subject ON attached (subject)");
        connection.Execute("DELETE FROM attached");
        foreach ((long repository, string name) in connection.All("SELECT repository, name FROM tags WHERE name GLOB '*-*.*'", row => (row.GetInt64(0), row.GetString(1))))
        {
            if (ReferrerTag.TryFindSubject(name, out Digest subject))
                connection.Execute(Enter, repository, name, subject.ToString());
        }
    }

    private static List<Garbage> Forget(CatalogueConnection connection, List<Garbage> garbage)
    {
        foreach (Garbage item in garbage)
            connection.Execute("DELETE FROM blobs WHERE digest = $1", item.Digest.ToString());
        connection.Execute("""
            DELETE FROM repositories WHERE NOT EXISTS (SELECT 1 FROM repository_manifests m WHERE m.repository = repositories.id)
                AND NOT EXISTS (SELECT 1 FROM repository_blobs b WHERE b.repository = repositories.id)
            """);
        return garbage;
    }

    private IpdrException Forgotten(int count) => new(new Fault(
        FaultCode.StoreDamaged,
        $"the catalogue knows none of the {count} blobs that are here: it was lost, or the only push so far was cut off",
        Path.Combine(Home, CatalogueFile),
        $"Restore it from a copy; if nothing of them is needed, delete {_blobs.Root}."));

    private async Task<(int Count, long Bytes)> RemoveStraysAsync(CollectionOptions options, bool everKnewAny, CancellationToken cancellationToken)
    {
        (Digest Digest, long Size, DateTimeOffset Changed)[] files = [.. _blobs.Files()];
        HashSet<string> known = _catalogue.Read(connection => connection.All("SELECT digest FROM blobs", row => row.GetString(0))).ToHashSet();
        // What a dry run leaves in the catalogue is known, so nothing is counted twice.
        (Digest Digest, long Size, DateTimeOffset Changed)[] strays = [.. files.Where(file => !known.Contains(file.Digest.ToString()))];
        // A new catalogue in a folder that is full of blobs has replaced one that was lost, with which all of them could be had again.
        // The first push of all is not taken for that.
        if (known.Count == 0 && !everKnewAny && await FindStraysAsync([.. strays.Select(file => file.Digest)], cancellationToken).ConfigureAwait(false) is { Count: > 0 and var forgotten })
            throw Forgotten(forgotten);
        if (options.DryRun)
            return (strays.Length, strays.Sum(file => file.Size));
        HashSet<Digest> deleted = [.. await DeleteUnknownAsync(strays.Select(file => file.Digest), cancellationToken).ConfigureAwait(false)];
        return (deleted.Count, strays.Where(file => deleted.Contains(file.Digest)).Sum(file => file.Size));
    }

    private async Task<List<Digest>> DeleteUnknownAsync(IEnumerable<Digest> digests, CancellationToken cancellationToken)
    {
        List<Digest> deleted = [];
        foreach (Digest[] batch in digests.Chunk(FilesPerBatch))
        {
            await _catalogue.WriteAsync(
                connection =>
                {
                    foreach (Digest digest in batch)
                    {
                        if (connection.First("SELECT 1 FROM blobs WHERE digest = $1", row => row.GetInt64(0), digest.ToString()) != 0)
                            continue;
                        _blobs.Delete(digest);
                        deleted.Add(digest);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
        return deleted;
    }

    private async Task<(int Count, long Bytes)> RemoveUploadsAsync(CollectionOptions options, CancellationToken cancellationToken)
    {
        DateTimeOffset stale = _options.Clock.GetUtcNow() - _options.StaleUpload;
        Dictionary<string, DateTimeOffset> started = _catalogue.Read(connection => connection.All(
            "SELECT id, started FROM uploads", row => (row.GetString(0), DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(1))))).ToDictionary();
        DirectoryInfo folder = new(Path.Combine(Home, UploadsFolder));
        IEnumerable<string> names = started.Keys.Concat(folder.Exists ? folder.EnumerateFiles().Select(file => file.Name) : []).Distinct();
        int count = 0;
        long bytes = 0;
        foreach (string name in names.ToArray())
        {
            if (!UploadId.TryParse(name, null, out UploadId id))
                continue;
            FileInfo file = new(PathOf(id));
            DateTimeOffset last;
            if (file.Exists)
                last = file.LastWriteTimeUtc;
            else if (!started.TryGetValue(name, out last)) // It began after the catalogue was read, and has ended since.
                continue;
            if (last >= stale || (!options.DryRun && !await RemoveAsync(id, file, cancellationToken).ConfigureAwait(false)))
                continue;
            count++;
            bytes += file.Exists ? file.Length : 0;
        }
        return (count, bytes);
    }

    // False while somebody is writing it.
    private async Task<bool> RemoveAsync(UploadId id, FileInfo file, CancellationToken cancellationToken)
    {
        if (file.Exists)
        {
            using FileStream? held = BlobUpload.TryOpen(file.FullName, FileMode.Open);
            if (held is null)
                return false;
            File.Delete(file.FullName);
        }
        await ForgetAsync(id, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static Garbage ReadGarbage(SqliteDataReader row) => new(Digest.Parse(row.GetString(0)), row.GetInt64(1), row.GetBoolean(2));

    private readonly record struct Garbage(Digest Digest, long Size, bool IsManifest);
}
