using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Staging;
using Ipdr.Oci.Store.Naming;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Store;

/// <content>Files that were made here become blobs without being copied.</content>
public sealed partial class ContentStore
{
    /// <summary>A new file on the store's volume, for <see cref="AdoptAsync"/>. What is not adopted goes with this process.</summary>
    internal StagedFile NewFile() => _staging.Value.NewFile();

    /// <summary>Makes a file a blob. The caller has hashed what it wrote.</summary>
    /// <param name="repository">Where the blob shall be seen.</param>
    /// <param name="digest">The content's digest.</param>
    /// <param name="file">The file, completed.</param>
    /// <param name="node">The file's DAG by the store's profile, its blocks kept.</param>
    /// <param name="cancellationToken">Gives up; then the file is as it was.</param>
    internal async Task AdoptAsync(RepositoryName repository, Digest digest, StagedFile file, FileNode node, CancellationToken cancellationToken)
    {
        BlobIndex index = await BlobNaming.IndexAsync(node, cancellationToken).ConfigureAwait(false);
        await file.CompletedAsync().ConfigureAwait(false);
        await _catalogue.WriteAsync(
            connection =>
            {
                long blob = Enter(connection, digest, file.Length, file.Path);
                EnterIndex(connection, blob, index);
                connection.Execute("INSERT OR IGNORE INTO repository_blobs (repository, blob) VALUES ($1, $2)", RepositoryId(connection, repository), blob);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens the one upload of a blob that outlives this process: where a former one was cut off, it goes on.</summary>
    /// <returns>Null while another process has it open.</returns>
    internal async Task<BlobUpload?> OpenResumableAsync(RepositoryName repository, Digest blob, CancellationToken cancellationToken)
    {
        UploadId id = UploadId.Of(blob);
        await _catalogue.WriteAsync(
            connection => connection.Execute(
                """
                INSERT INTO uploads (id, repository, algorithm, started) VALUES ($1, $2, $3, $4)
                ON CONFLICT (id) DO UPDATE SET repository = excluded.repository, started = excluded.started
                """,
                id.ToString(), repository.ToString(), blob.Algorithm.Name, Now),
            cancellationToken).ConfigureAwait(false);
        try
        {
            return BlobUpload.Open(this, repository, id, blob.Algorithm, isLasting: true);
        }
        catch (IpdrException e) when (e.Fault.Code == FaultCode.InUse)
        {
            return null;
        }
    }
}
