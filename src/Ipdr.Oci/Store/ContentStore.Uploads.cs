using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Store.Cataloguing;
using Ipdr.Oci.Store.Naming;

namespace Ipdr.Oci.Store;

/// <content>Blobs come in.</content>
public sealed partial class ContentStore
{
    /// <summary>Begins an upload that takes several requests, and outlives this process.</summary>
    /// <param name="repository">Where the blob shall go.</param>
    /// <param name="algorithm">What the bytes are hashed with as they come; another one at the end means reading them again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<UploadId> StartUploadAsync(RepositoryName repository, DigestAlgorithm algorithm, CancellationToken cancellationToken = default)
    {
        UploadId id = UploadId.Create();
        await _catalogue.WriteAsync(
            connection => connection.Execute(
                "INSERT INTO uploads (id, repository, algorithm, started) VALUES ($1, $2, $3, $4)",
                id.ToString(), repository.ToString(), algorithm.Name, Now),
            cancellationToken).ConfigureAwait(false);
        return id;
    }

    /// <summary>Opens an upload to go on with it, or null if the repository has none of that name. Nobody else can, until it is disposed of.</summary>
    /// <exception cref="IpdrException">Somebody else has it open; <see cref="FaultCode.InUse"/>.</exception>
    public BlobUpload? OpenUpload(RepositoryName repository, UploadId id) =>
        FindAlgorithm(repository, id) is { } algorithm ? BlobUpload.Open(this, repository, id, algorithm, isLasting: true) : null;

    /// <summary>Begins an upload that is done in one go: it is gone with the object, unless it is completed.</summary>
    /// <exception cref="IpdrException">The store can only be read here.</exception>
    public BlobUpload BeginUpload(RepositoryName repository, DigestAlgorithm algorithm)
    {
        _catalogue.RequireWritable();
        return BlobUpload.Open(this, repository, UploadId.Create(), algorithm, isLasting: false);
    }

    /// <summary>Bytes that an upload has so far, or null if the repository has none of that name.</summary>
    public long? FindUploadLength(RepositoryName repository, UploadId id) =>
        FindAlgorithm(repository, id) is null ? null : new FileInfo(PathOf(id)) is { Exists: true } file ? file.Length : 0;

    /// <summary>Ends an upload and forgets its bytes; false if the repository has none of that name.</summary>
    /// <exception cref="IpdrException">Somebody has it open; <see cref="FaultCode.InUse"/>.</exception>
    public async Task<bool> CancelUploadAsync(RepositoryName repository, UploadId id, CancellationToken cancellationToken = default)
    {
        if (OpenUpload(repository, id) is not { } upload)
            return false;
        await using (upload.ConfigureAwait(false))
            await upload.CancelAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Makes a blob of the store visible in one more repository.</summary>
    /// <param name="to">Where it shall be seen.</param>
    /// <param name="from">Where it is seen; null for anywhere.</param>
    /// <param name="digest">The blob.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False if it is not there, so that it has to be uploaded.</returns>
    public async Task<bool> MountBlobAsync(RepositoryName to, RepositoryName? from, Digest digest, CancellationToken cancellationToken = default)
    {
        const string Query = """
            SELECT b.digest, b.size FROM blobs b JOIN repository_blobs rb ON rb.blob = b.id JOIN repositories r ON r.id = rb.repository
            WHERE b.digest = $1 AND ($2 IS NULL OR r.name = $2) LIMIT 1
            """;
        // Most mounts that are asked for cannot be: those need no write lock.
        if (_catalogue.Read(Find) is null)
            return false;
        return await _catalogue.WriteAsync(
            connection =>
            {
                if (Find(connection) is null)
                    return false;
                connection.Execute("UPDATE blobs SET touched = max(touched, $2) WHERE digest = $1", digest.ToString(), Now);
                connection.Execute(
                    "INSERT OR IGNORE INTO repository_blobs (repository, blob) SELECT $1, id FROM blobs WHERE digest = $2", RepositoryId(connection, to), digest.ToString());
                return true;
            },
            cancellationToken).ConfigureAwait(false);

        FileBlob? Find(CatalogueConnection connection) => Present(connection.First(Query, ReadBlob, digest.ToString(), from?.ToString()));
    }

    /// <summary>The hashes of this process's uploads between two requests.</summary>
    internal RunningHashes Hashes => _hashes;

    /// <summary>Where the bytes of an upload stand.</summary>
    internal string PathOf(UploadId id) => Path.Combine(Home, UploadsFolder, id.ToString());

    /// <summary>Makes an upload a blob: from here on it is visible.</summary>
    /// <returns>False if the upload was ended by somebody else.</returns>
    internal Task<bool> FinishAsync(BlobUpload upload, Digest digest, BlobIndex? index, CancellationToken cancellationToken) => _catalogue.WriteAsync(
        connection =>
        {
            if (upload.IsLasting && connection.Execute("DELETE FROM uploads WHERE id = $1", upload.Id.ToString()) == 0)
                return false;
            long blob = Enter(connection, digest, upload.Length, PathOf(upload.Id));
            if (index is not null)
                EnterIndex(connection, blob, index);
            // From the commit on others read it, which its writer's lock would keep them from.
            upload.Release();
            connection.Execute("INSERT OR IGNORE INTO repository_blobs (repository, blob) VALUES ($1, $2)", RepositoryId(connection, upload.Repository), blob);
            return true;
        },
        cancellationToken);

    /// <summary>Forgets an upload whose bytes are gone.</summary>
    internal Task ForgetAsync(UploadId id, CancellationToken cancellationToken) =>
        _catalogue.WriteAsync(connection => connection.Execute("DELETE FROM uploads WHERE id = $1", id.ToString()), cancellationToken);

    private DigestAlgorithm? FindAlgorithm(RepositoryName repository, UploadId id)
    {
        string? name = _catalogue.Read(connection => connection.First(
            "SELECT algorithm FROM uploads WHERE id = $1 AND repository = $2", row => row.GetString(0), id.ToString(), repository.ToString()));
        return name is not null && DigestAlgorithm.TryParseName(name, out DigestAlgorithm algorithm) ? algorithm : null;
    }
}
