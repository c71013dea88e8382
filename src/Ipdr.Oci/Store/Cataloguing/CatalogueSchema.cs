using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Store.Cataloguing;

/// <summary>The tables of the catalogue, version by version. A released step never changes; a change is a new step.</summary>
internal static class CatalogueSchema
{
    // Times are seconds of the Unix epoch, sizes and offsets bytes, digests text, CIDs their bytes.
    private const string Version1 = """
        CREATE TABLE repositories (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE);

        -- Every file under blobs/; touched is when somebody last showed interest, which the collector respects.
        CREATE TABLE blobs (
            id INTEGER PRIMARY KEY,
            digest TEXT NOT NULL UNIQUE,
            size INTEGER NOT NULL,
            touched INTEGER NOT NULL);
        CREATE INDEX blobs_by_touched ON blobs (touched);

        CREATE TABLE repository_blobs (
            repository INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
            blob INTEGER NOT NULL REFERENCES blobs (id) ON DELETE CASCADE,
            PRIMARY KEY (repository, blob)) WITHOUT ROWID;
        CREATE INDEX repository_blobs_by_blob ON repository_blobs (blob);

        -- Blobs that are manifests or indexes, and what a referrers answer says of them.
        CREATE TABLE manifests (
            blob INTEGER PRIMARY KEY REFERENCES blobs (id) ON DELETE CASCADE,
            subject TEXT,
            artifact_type TEXT,
            annotations TEXT);
        CREATE INDEX manifests_by_subject ON manifests (subject) WHERE subject IS NOT NULL;

        -- What a manifest refers to, whether it is here or not.
        CREATE TABLE manifest_references (
            manifest INTEGER NOT NULL REFERENCES manifests (blob) ON DELETE CASCADE,
            digest TEXT NOT NULL,
            PRIMARY KEY (manifest, digest)) WITHOUT ROWID;

        CREATE TABLE repository_manifests (
            repository INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
            manifest INTEGER NOT NULL REFERENCES manifests (blob) ON DELETE CASCADE,
            media_type TEXT NOT NULL,
            PRIMARY KEY (repository, manifest)) WITHOUT ROWID;
        CREATE INDEX repository_manifests_by_manifest ON repository_manifests (manifest);

        CREATE TABLE tags (
            repository INTEGER NOT NULL,
            name TEXT NOT NULL,
            manifest INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            PRIMARY KEY (repository, name),
            FOREIGN KEY (repository, manifest) REFERENCES repository_manifests (repository, manifest) ON DELETE CASCADE) WITHOUT ROWID;
        CREATE INDEX tags_by_manifest ON tags (repository, manifest);

        -- The bytes of an upload are in uploads/<id>; the catalogue knows whose they are.
        CREATE TABLE uploads (
            id TEXT PRIMARY KEY,
            repository TEXT NOT NULL,
            algorithm TEXT NOT NULL,
            started INTEGER NOT NULL) WITHOUT ROWID;

        -- Manifests that are runnable images.
        CREATE TABLE images (
            manifest INTEGER PRIMARY KEY REFERENCES manifests (blob) ON DELETE CASCADE,
            image_id TEXT NOT NULL,
            os TEXT NOT NULL,
            architecture TEXT NOT NULL,
            variant TEXT);
        CREATE INDEX images_by_id ON images (image_id);

        -- Content that stays, whether something refers to it or not.
        CREATE TABLE pins (
            digest TEXT PRIMARY KEY,
            pinned INTEGER NOT NULL) WITHOUT ROWID;

        -- Which compressed blob a layer became: never compressed twice by the same recipe.
        CREATE TABLE compressed_layers (
            diff_id TEXT NOT NULL,
            recipe TEXT NOT NULL,
            blob INTEGER NOT NULL REFERENCES blobs (id) ON DELETE CASCADE,
            PRIMARY KEY (diff_id, recipe)) WITHOUT ROWID;
        CREATE INDEX compressed_layers_by_blob ON compressed_layers (blob);

        -- The root CIDs that a manifest's image has, by profile.
        CREATE TABLE cids (
            cid BLOB NOT NULL,
            manifest INTEGER NOT NULL REFERENCES manifests (blob) ON DELETE CASCADE,
            profile TEXT NOT NULL,
            PRIMARY KEY (cid, manifest)) WITHOUT ROWID;
        CREATE INDEX cids_by_manifest ON cids (manifest);

        -- The block index: a block is a slice of a blob.
        CREATE TABLE blocks (
            cid BLOB PRIMARY KEY,
            blob INTEGER NOT NULL REFERENCES blobs (id) ON DELETE CASCADE,
            start INTEGER NOT NULL,
            length INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX blocks_by_blob ON blocks (blob);
        """;

    // A block may be a part of several blobs, and has to stay when one of them goes; blocks are told apart by what they are, not by the codec
    // under which they are asked for. A tag is part of what an image is called, and so of its CID. Nothing was ever in the old tables.
    private const string Version2 = """
        DROP TABLE blocks;
        DROP TABLE cids;

        -- Blocks that lie in blobs: head, then the slice, then tail. Raw leaves have neither head nor tail.
        CREATE TABLE slices (
            hash BLOB NOT NULL,
            blob INTEGER NOT NULL REFERENCES blobs (id) ON DELETE CASCADE,
            start INTEGER NOT NULL,
            length INTEGER NOT NULL,
            head BLOB,
            tail BLOB,
            PRIMARY KEY (hash, blob)) WITHOUT ROWID;
        CREATE INDEX slices_by_blob ON slices (blob);

        -- All other blocks: nodes above the leaves of a blob, and directories and small files of a manifest's image.
        CREATE TABLE nodes (
            hash BLOB NOT NULL,
            owner INTEGER NOT NULL REFERENCES blobs (id) ON DELETE CASCADE,
            content BLOB NOT NULL,
            PRIMARY KEY (hash, owner));
        CREATE INDEX nodes_by_owner ON nodes (owner);

        -- Blobs whose blocks are known by the rules of a profile, and the CID of the whole.
        CREATE TABLE files (
            blob INTEGER NOT NULL REFERENCES blobs (id) ON DELETE CASCADE,
            profile TEXT NOT NULL,
            cid BLOB NOT NULL,
            PRIMARY KEY (blob, profile)) WITHOUT ROWID;

        -- The roots of DAGs that hold a manifest's image.
        CREATE TABLE roots (
            cid BLOB NOT NULL,
            manifest INTEGER NOT NULL REFERENCES manifests (blob) ON DELETE CASCADE,
            PRIMARY KEY (cid, manifest)) WITHOUT ROWID;
        CREATE INDEX roots_by_manifest ON roots (manifest);

        -- Null until somebody asks.
        ALTER TABLE tags ADD COLUMN cid BLOB;
        """;

    // A DAG may hold more than the image whose manifest keeps it, and have the bytes of that in blobs which nothing else needs.
    private const string Version3 = """
        -- Blobs and manifests that a root's DAG consists of: they stay as long as it does.
        CREATE TABLE root_references (
            cid BLOB NOT NULL,
            manifest INTEGER NOT NULL,
            digest TEXT NOT NULL,
            PRIMARY KEY (manifest, cid, digest),
            FOREIGN KEY (cid, manifest) REFERENCES roots (cid, manifest) ON DELETE CASCADE) WITHOUT ROWID;
        """;

    private static readonly string[] Steps = [Version1, Version2, Version3];

    /// <summary>The version that this release writes.</summary>
    public static int Current => Steps.Length;

    /// <summary>Brings a catalogue to <see cref="Current"/>, in one transaction: another process sees the old version or the new one.</summary>
    /// <exception cref="IpdrException">A newer ipdr wrote it; <see cref="FaultCode.UnsupportedVersion"/>.</exception>
    /// <returns>The version that it has now.</returns>
    public static int Migrate(CatalogueConnection connection, string path)
    {
        if (Version(connection, path) == Current)
            return Current;
        return connection.InTransaction(() =>
        {
            for (int version = Version(connection, path); version < Current; version++)
                connection.Run($"{Steps[version]} PRAGMA user_version = {version + 1};");
            return Current;
        }, isDurable: true);
    }

    /// <summary>Refuses a catalogue that would have to be brought to <see cref="Current"/> first.</summary>
    /// <returns>The version that it has.</returns>
    /// <exception cref="IpdrException">Another ipdr wrote it; <see cref="FaultCode.UnsupportedVersion"/>.</exception>
    public static int RequireCurrent(CatalogueConnection connection, string path) =>
        Version(connection, path) is var found && found == Current ? found : throw CatalogueFaults.TooOld(found, Current, path);

    private static int Version(CatalogueConnection connection, string path)
    {
        int found = (int)connection.First("PRAGMA user_version", row => row.GetInt64(0));
        return found switch
        {
            < 0 => throw CatalogueFaults.Damaged(path),
            _ when found > Current => throw CatalogueFaults.TooNew(found, Current, path),
            _ => found,
        };
    }
}
