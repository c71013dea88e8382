using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Staging;
using Ipdr.Oci.Store.Cataloguing;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Store;

/// <summary>The embedded store: blobs as files, each byte once, and a catalogue of what they mean. Safe for several processes and threads.</summary>
/// <remarks>
/// <para>
/// A blob is staged, synced and hashed first; then, under the catalogue's write lock, it is moved to its place and entered. So what
/// the catalogue knows is whole, and a file that it does not know was left by a process that was killed in between: the next
/// <see cref="CollectAsync"/> removes it. Nothing else has to be repaired after a kill.
/// </para>
/// <para>Reading never waits for writing.</para>
/// </remarks>
public sealed partial class ContentStore : IRegistryContent, IBlockSource, IDisposable
{
    /// <summary>The file of the catalogue, in the store's folder.</summary>
    internal const string CatalogueFile = "catalogue.db";

    private const string UploadsFolder = "uploads";
    private const string StagingPrefix = ".staging-";

    private readonly StoreOptions _options;
    private readonly Catalogue _catalogue;
    private readonly BlobFolder _blobs;
    private readonly DocumentCache _documents;
    private readonly RunningHashes _hashes = new();

    // Only a process that writes needs a place for files that are not ready.
    private readonly Lazy<StagingFolder> _staging;

    private ContentStore(string home, StoreOptions options)
    {
        Home = home;
        _options = options;
        _catalogue = new Catalogue(Path.Combine(home, CatalogueFile));
        _blobs = new BlobFolder(home);
        if (!IsReadOnly)
            CreateFolders();
        _documents = new DocumentCache(options.DocumentCacheBytes);
        _staging = new Lazy<StagingFolder>(() =>
        {
            _catalogue.RequireWritable();
            return StagingFolder.Create(home, StagingPrefix);
        });
    }

    /// <summary>The folder that holds it all.</summary>
    public string Home { get; }

    /// <summary>Whether it can only be read, because its volume is mounted so or the rights on it allow no more. What would change it is then refused.</summary>
    public bool IsReadOnly => _catalogue.IsReadOnly;

    /// <summary>Opens a store; a folder that holds none becomes one. One that cannot be written is opened to be read.</summary>
    /// <param name="home">The folder, as of <see cref="StoreHome.Locate"/>.</param>
    /// <param name="options">How it behaves; null for the defaults.</param>
    /// <exception cref="IpdrException">The folder cannot be used, or its catalogue is damaged or of a newer release.</exception>
    public static ContentStore Open(string home, StoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(home);
        home = Path.GetFullPath(home);
        DestinationIo.Guard(home, () => Directory.CreateDirectory(home));
        return new ContentStore(home, options ?? new StoreOptions());
    }

    /// <summary>Opens a store that is there; nothing is made. One that cannot be written is opened to be read.</summary>
    /// <returns>Null if there is none.</returns>
    /// <inheritdoc cref="Open"/>
    public static ContentStore? TryOpen(string home, StoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(home);
        home = Path.GetFullPath(home);
        if (File.Exists(home) || IsThere(Path.Combine(home, CatalogueFile)))
            return Open(home, options);
        return Directory.Exists(BlobFolder.PathIn(home)) && Directory.Exists(Path.Combine(home, UploadsFolder))
            ? throw new IpdrException(new Fault(FaultCode.StoreDamaged, "there are blobs of a store here, and its catalogue is gone", home, "Bring catalogue.db back from a copy; without it nobody knows what the blobs are."))
            : null;
    }

    /// <inheritdoc cref="TryOpen"/>
    /// <returns>The store.</returns>
    /// <exception cref="IpdrException">There is none (<see cref="FaultCode.NotFound"/>), it cannot be used, or its catalogue is damaged or of a newer release.</exception>
    public static ContentStore OpenExisting(string home, StoreOptions? options = null) => TryOpen(home, options)
        ?? throw new IpdrException(new Fault(FaultCode.NotFound, "there is no store", Path.GetFullPath(home), $"Push or pull an image first, or say in {StoreHome.Variable} where the store is."));

    /// <summary>Tells whether the catalogue answers.</summary>
    /// <exception cref="IpdrException">It does not.</exception>
    public void Probe() => _catalogue.Read(connection => connection.First("SELECT count(*) FROM pins", row => row.GetInt64(0)));

    /// <summary>Keeps content, and all that it refers to, whether something else refers to it or not.</summary>
    public Task PinAsync(Digest digest, CancellationToken cancellationToken = default) => _catalogue.WriteAsync(
        connection => connection.Execute("INSERT OR IGNORE INTO pins (digest, pinned) VALUES ($1, $2)", digest.ToString(), Now), cancellationToken);

    /// <summary>Takes a pin away; false if there was none.</summary>
    public Task<bool> UnpinAsync(Digest digest, CancellationToken cancellationToken = default) => _catalogue.WriteAsync(
        connection => connection.Execute("DELETE FROM pins WHERE digest = $1", digest.ToString()) > 0, cancellationToken);

    /// <summary>Begins to write without waiting for the disk at every step.</summary>
    internal WriteBatch BeginBatch() => new(_catalogue);

    /// <summary>Remembers which blob a layer became.</summary>
    /// <param name="diffId">The layer's uncompressed digest. The caller has seen that the blob decompresses to it.</param>
    /// <param name="recipe">How it was compressed; null where others did it.</param>
    /// <param name="blob">The compressed blob, which is in the store.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False if the store does not have the blob.</returns>
    public Task<bool> RememberLayerAsync(Digest diffId, string? recipe, Digest blob, CancellationToken cancellationToken = default) => _catalogue.WriteAsync(
        connection => connection.Execute(
            "INSERT OR REPLACE INTO compressed_layers (diff_id, recipe, blob) SELECT $1, $2, id FROM blobs WHERE digest = $3",
            // By a recipe that nobody knows this is the only blob.
            diffId.ToString(), recipe ?? blob.ToString(), blob.ToString()) > 0,
        cancellationToken);

    /// <summary>The blob that a layer became by a recipe, or null if that is not remembered.</summary>
    public FileBlob? FindLayer(Digest diffId, string recipe)
    {
        const string Query = """
            SELECT b.digest, b.size FROM compressed_layers c JOIN blobs b ON b.id = c.blob WHERE c.diff_id = $1 AND c.recipe = $2
            """;
        return Present(_catalogue.Read(connection => connection.First(Query, ReadBlob, diffId.ToString(), recipe)));
    }

    /// <summary>A compressed layer, and the digest of what it decompresses to; null if it is not here, or that is not remembered.</summary>
    public (Digest DiffId, FileBlob Blob)? FindStoredLayer(Digest blob)
    {
        const string Query = "SELECT c.diff_id FROM compressed_layers c JOIN blobs b ON b.id = c.blob WHERE b.digest = $1";
        string? diffId = _catalogue.Read(connection => connection.First(Query, row => row.GetString(0), blob.ToString()));
        return diffId is not null && FindBlob(blob) is { } file ? (Digest.Parse(diffId), file) : null;
    }

    /// <summary>Closes the store. Uploads that are not finished stay, and can be continued later.</summary>
    public void Dispose()
    {
        if (_staging.IsValueCreated)
            _staging.Value.Dispose();
        _hashes.Dispose();
        _catalogue.Dispose();
    }

    // What may not be looked at may be there: who opens it says what is wrong.
    private static bool IsThere(string file)
    {
        try
        {
            File.GetAttributes(file);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private void CreateFolders()
    {
        try
        {
            _blobs.Create();
            DestinationIo.Guard(Home, () => Directory.CreateDirectory(Path.Combine(Home, UploadsFolder)));
        }
        catch
        {
            _catalogue.Dispose();
            throw;
        }
    }

    private long Now => _options.Clock.GetUtcNow().ToUnixTimeSeconds();

    private static long RepositoryId(CatalogueConnection connection, RepositoryName repository)
    {
        connection.Execute("INSERT OR IGNORE INTO repositories (name) VALUES ($1)", repository.ToString());
        return connection.First("SELECT id FROM repositories WHERE name = $1", row => row.GetInt64(0), repository.ToString());
    }

    /// <summary>Enters a blob whose bytes stand in a finished file, and moves that file to its place.</summary>
    private long Enter(CatalogueConnection connection, Digest digest, long size, string staged)
    {
        // The file that is there already may have rotted, and this one was hashed just now. Windows replaces no file that somebody reads.
        if (OperatingSystem.IsWindows() && _blobs.Holds(digest, size))
            DestinationIo.Guard(staged, () => File.Delete(staged));
        else
            _blobs.Place(staged, digest);
        return connection.First(
            """
            INSERT INTO blobs (digest, size, touched) VALUES ($1, $2, $3)
            ON CONFLICT (digest) DO UPDATE SET size = excluded.size, touched = max(touched, excluded.touched) RETURNING id
            """,
            row => row.GetInt64(0), digest.ToString(), size, Now);
    }
}
