using System.Text.Json;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Staging;
using Ipdr.Oci.Store.Cataloguing;
using Ipdr.Oci.Store.Naming;

namespace Ipdr.Oci.Store;

/// <content>Manifests and tags come and go.</content>
public sealed partial class ContentStore
{
    /// <summary>Takes a manifest in. Its blobs must be in the repository, but for foreign layers; an index's manifests and a subject need not be.</summary>
    /// <remarks>With <see cref="ManifestPush.LayersMayBeMissing"/> only the config must be there. What is missing now is looked after like the rest once it comes.</remarks>
    /// <exception cref="DigestMismatchException">The content has another digest.</exception>
    /// <exception cref="IpdrException">
    /// It is no manifest (<see cref="FaultCode.BadManifest"/>, …), or blobs are missing (<see cref="FaultCode.MissingBlob"/>, one fault for each).
    /// </exception>
    public async Task<PushedManifest> PutManifestAsync(ManifestPush push, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(push);
        string where = $"{push.Repository}@{push.Digest}";
        if (Digest.OfContent(push.Digest.Algorithm, push.Content.Span) is var actual && actual != push.Digest)
            throw new DigestMismatchException(push.Digest, actual, where);
        ManifestSummary summary = ManifestSummary.Read(push.Content, push.MediaType, where);
        ImageConfig? config = await ReadConfigAsync(push.Repository, summary, cancellationToken).ConfigureAwait(false);
        StoredLayout layout = await NameAsync(push.Repository, push.Tags, push.Digest, [], push.Content, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Digest> missing = [];
        using StagedFile staged = _staging.Value.NewFile();
        try
        {
            await staged.WriteAsync(push.Content, cancellationToken).ConfigureAwait(false);
            staged.Complete();
            await _catalogue.WriteAsync(
                connection =>
                {
                    missing = Enter(connection, push, summary, config, staged.Path);
                    if (layout.IsWhole)
                        EnterLayout(connection, push.Repository, push.Digest, layout);
                },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Still there only if it was not moved to its place.
            File.Delete(staged.Path);
        }
        _documents.Add(push.Digest, push.Content);
        return new PushedManifest(push.Digest, summary.Subject?.Digest, layout.IsWhole ? layout.Roots[0].Cid : null) { MissingLayers = missing };
    }

    /// <summary>Gives a manifest of a repository one more tag, or moves the tag to it; false if the repository does not hold it.</summary>
    public Task<bool> TagAsync(RepositoryName repository, Digest manifest, Tag tag, CancellationToken cancellationToken = default) => _catalogue.WriteAsync(
        connection => SetTag(connection, repository, manifest, tag) > 0, cancellationToken);

    /// <summary>Gives a manifest a name in another repository, which then holds it with all that it refers to; false if the first one does not hold it.</summary>
    public Task<bool> CopyAsync(RepositoryName from, Digest manifest, RepositoryName to, Tag tag, CancellationToken cancellationToken = default)
    {
        const string Reached = """
            WITH RECURSIVE reached (digest) AS (
                SELECT $1 UNION
                SELECT e.digest FROM reached JOIN blobs x ON x.digest = reached.digest JOIN manifest_references e ON e.manifest = x.id)

            """;
        const string CopyManifests = """
            INSERT OR IGNORE INTO repository_manifests (repository, manifest, media_type)
            SELECT $3, m.manifest, m.media_type FROM repository_manifests m JOIN blobs b ON b.id = m.manifest
            WHERE m.repository = $2 AND b.digest IN (
            """ + Reached + "SELECT digest FROM reached)";
        const string CopyBlobs = """
            INSERT OR IGNORE INTO repository_blobs (repository, blob)
            SELECT $3, m.blob FROM repository_blobs m JOIN blobs b ON b.id = m.blob
            WHERE m.repository = $2 AND b.digest IN (
            """ + Reached + "SELECT digest FROM reached)";
        return _catalogue.WriteAsync(
            connection =>
            {
                if (!HoldsManifest(connection, from, manifest))
                    return false;
                long source = RepositoryId(connection, from), target = RepositoryId(connection, to);
                connection.Execute(CopyManifests, manifest.ToString(), source, target);
                connection.Execute(CopyBlobs, manifest.ToString(), source, target);
                return SetTag(connection, to, manifest, tag) > 0;
            },
            cancellationToken);
    }

    /// <summary>Takes a tag away; false if there was none. What it named stays until it is collected.</summary>
    public Task<bool> DeleteTagAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken = default) => _catalogue.WriteAsync(
        connection => connection.Execute(
            "DELETE FROM tags WHERE repository = (SELECT id FROM repositories WHERE name = $1) AND name = $2", repository.ToString(), tag.ToString()) > 0,
        cancellationToken);

    /// <summary>Takes a manifest and its tags out of a repository; false if it was not there.</summary>
    public Task<bool> DeleteManifestAsync(RepositoryName repository, Digest manifest, CancellationToken cancellationToken = default) => _catalogue.WriteAsync(
        connection => connection.Execute(
            """
            DELETE FROM repository_manifests WHERE repository = (SELECT id FROM repositories WHERE name = $1)
                AND manifest = (SELECT id FROM blobs WHERE digest = $2)
            """,
            repository.ToString(), manifest.ToString()) > 0,
        cancellationToken);

    /// <summary>Takes a blob out of a repository; false if it was not there. Its bytes stay as long as a manifest anywhere in the store refers to them.</summary>
    public Task<bool> DeleteBlobAsync(RepositoryName repository, Digest blob, CancellationToken cancellationToken = default) => _catalogue.WriteAsync(
        connection => connection.Execute(
            """
            DELETE FROM repository_blobs WHERE repository = (SELECT id FROM repositories WHERE name = $1)
                AND blob = (SELECT id FROM blobs WHERE digest = $2)
            """,
            repository.ToString(), blob.ToString()) > 0,
        cancellationToken);

    private static bool HoldsManifest(CatalogueConnection connection, RepositoryName repository, Digest manifest) => connection.First(
        """
        SELECT 1 FROM repository_manifests m JOIN repositories r ON r.id = m.repository JOIN blobs b ON b.id = m.manifest
        WHERE r.name = $1 AND b.digest = $2
        """,
        row => row.GetInt64(0), repository.ToString(), manifest.ToString()) == 1;

    private int SetTag(CatalogueConnection connection, RepositoryName repository, Digest manifest, Tag tag) => connection.Execute(
        """
        INSERT OR REPLACE INTO tags (repository, name, manifest, updated)
        SELECT m.repository, $3, m.manifest, $4 FROM repository_manifests m
        JOIN repositories r ON r.id = m.repository JOIN blobs b ON b.id = m.manifest
        WHERE r.name = $1 AND b.digest = $2
        """,
        repository.ToString(), manifest.ToString(), tag.ToString(), Now);

    // Gives the layers that are missing and may be.
    private Digest[] Enter(CatalogueConnection connection, ManifestPush push, ManifestSummary summary, ImageConfig? config, string staged)
    {
        Digest[] missing = RequireBlobs(connection, push, summary);
        long repository = RepositoryId(connection, push.Repository);
        long manifest = Enter(connection, push.Digest, push.Content.Length, staged);
        string? annotations = summary.Annotations is { Count: > 0 } some ? JsonSerializer.Serialize(some, RegistryJson.Default.Annotations) : null;
        if (connection.Execute(
            "INSERT OR IGNORE INTO manifests (blob, subject, artifact_type, annotations) VALUES ($1, $2, $3, $4)",
            manifest, summary.Subject?.Digest.ToString(), summary.ArtifactType, annotations) > 0)
        {
            foreach (Digest reference in summary.References)
                connection.Execute("INSERT INTO manifest_references (manifest, digest) VALUES ($1, $2)", manifest, reference.ToString());
        }
        if (config is not null)
        {
            connection.Execute(
                "INSERT OR IGNORE INTO images (manifest, image_id, os, architecture, variant) VALUES ($1, $2, $3, $4, $5)",
                manifest, summary.Config!.Digest.ToString(), config.Platform.Os, config.Platform.Architecture, config.Platform.Variant);
        }
        connection.Execute(
            """
            INSERT INTO repository_manifests (repository, manifest, media_type) VALUES ($1, $2, $3)
            ON CONFLICT (repository, manifest) DO UPDATE SET media_type = excluded.media_type
            """,
            repository, manifest, summary.MediaType.ToString());
        foreach (Tag tag in push.Tags)
            SetTag(connection, push.Repository, push.Digest, tag);
        return missing;
    }

    // Without its config a manifest is no image of which a part was left out, but a mistake.
    private Digest[] RequireBlobs(CatalogueConnection connection, ManifestPush push, ManifestSummary summary)
    {
        Digest[] missing = [.. summary.NeededBlobs.Select(blob => blob.Digest).Distinct().Where(blob => FindBlob(connection, push.Repository, blob) is null)];
        if (missing.Length == 0 || (push.LayersMayBeMissing && summary.Config is { } config && !missing.Contains(config.Digest)))
            return missing;
        throw new IpdrException([.. missing.Select(blob =>
            new Fault(FaultCode.MissingBlob, $"the repository does not have the blob {blob}", push.Repository.ToString(), "Push the blobs before the manifest."))]);
    }

    // Tells what the image runs on, for people. A config that says it in no readable way is not the registry's business.
    private async Task<ImageConfig?> ReadConfigAsync(RepositoryName repository, ManifestSummary summary, CancellationToken cancellationToken)
    {
        if (summary.Config is not { MediaType.IsImageConfig: true } descriptor
            || _catalogue.Read(connection => FindBlob(connection, repository, descriptor.Digest)) is not { Size: <= Document.MaxBytes } blob)
        {
            return null;
        }
        try
        {
            byte[] bytes = new byte[blob.Size];
            FileStream file = new(blob.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
                await file.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            return Document.ReadConfig(bytes, blob.Path);
        }
        catch (Exception e) when (e is IOException or IpdrException)
        {
            return null;
        }
    }
}
