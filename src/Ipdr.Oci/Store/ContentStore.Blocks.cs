using System.Buffers;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Staging;
using Ipdr.Oci.Store.Cataloguing;
using Ipdr.Oci.Store.Naming;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;
using Microsoft.Data.Sqlite;

namespace Ipdr.Oci.Store;

/// <content>The same bytes as blocks of IPFS.</content>
public sealed partial class ContentStore
{
    // A block may be a part of any number of blobs; that so many of them are lost or rotten and the next one is not does not happen.
    private const int MaxPlaces = 16;

    /// <inheritdoc/>
    /// <remarks>A leaf is read out of the blob that it is a part of; nothing is there twice. Of several blobs that have it one whose file is lost or rotten is left aside.</remarks>
    public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
    {
        byte[] hash = BytesOf(cid.Hash);
        List<BlockPlace> places = _catalogue.Read(connection => FindPlaces(connection, hash));
        for (int i = 0; i < places.Count; i++)
        {
            if (await TryReadAsync(places[i], cancellationToken).ConfigureAwait(false) is not { } block)
                continue;
            // Who reads checks it; that is done here only where there is something else to try.
            if (i == places.Count - 1 || !cid.Hash.IsVerifiable || cid.Hash.Matches(block.Memory.Span))
                return block;
            block.Dispose();
        }
        if (_catalogue.Read(connection => FindNode(connection, hash)) is { } node)
            return BlockBuffer.Of(node);
        return FindWholeBlob(cid) is { } whole ? await TryReadAsync(whole, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <summary>Tells whether a block is here, without reading it.</summary>
    public bool HasBlock(Cid cid)
    {
        byte[] hash = BytesOf(cid.Hash);
        return _catalogue.Read(connection => FindPlaces(connection, hash).Count > 0 || FindNode(connection, hash) is not null) || FindWholeBlob(cid) is not null;
    }

    /// <summary>The blob of that digest, whatever repository it is in; null if the store does not have it.</summary>
    public FileBlob? FindBlob(Digest digest) =>
        Present(_catalogue.Read(connection => connection.First("SELECT digest, size FROM blobs WHERE digest = $1", ReadBlob, digest.ToString())));

    // What was not taken apart yet can still be asked for by those who know its hash: a small blob is its own and only leaf.
    private BlockPlace? FindWholeBlob(Cid cid) => DigestOf(cid.Hash) is { } digest && FindBlob(digest) is { } blob && blob.Size <= UnixFsProfile.MaxBlockBytes
        ? new BlockPlace(digest, 0, (int)blob.Size)
        : null;

    private static Digest? DigestOf(Multihash hash)
    {
        DigestAlgorithm? algorithm = hash.Code switch
        {
            MultihashCode.Sha256 => DigestAlgorithm.Sha256,
            MultihashCode.Sha512 => DigestAlgorithm.Sha512,
            MultihashCode.Blake3 => DigestAlgorithm.Blake3,
            _ => null,
        };
        return algorithm is { } known && Digest.TryParse($"{known.Name}:{Convert.ToHexStringLower(hash.Digest)}", null, out Digest digest) ? digest : null;
    }

    private static List<BlockPlace> FindPlaces(CatalogueConnection connection, byte[] hash)
    {
        const string Query = """
            SELECT b.digest, s.start, s.length, s.head, s.tail FROM slices s JOIN blobs b ON b.id = s.blob WHERE s.hash = $1 LIMIT $2
            """;
        return connection.All(Query, ReadPlace, hash, MaxPlaces);
    }

    private static byte[]? FindNode(CatalogueConnection connection, byte[] hash) =>
        connection.First("SELECT content FROM nodes WHERE hash = $1 LIMIT 1", row => row.GetFieldValue<byte[]>(0), hash);

    // Null also when the disk has lost the end of the blob.
    private async ValueTask<IMemoryOwner<byte>?> TryReadAsync(BlockPlace place, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(place, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e) when (e.InnerException is EndOfStreamException)
        {
            return null;
        }
    }

    // Null when the blob was collected since the catalogue was asked, or the disk has lost it.
    private async ValueTask<IMemoryOwner<byte>?> ReadAsync(BlockPlace place, CancellationToken cancellationToken)
    {
        string path = _blobs.PathOf(place.Blob);
        BlockBuffer block = new(place.BlockLength);
        try
        {
            place.Head.CopyTo(block.Memory);
            place.Tail.CopyTo(block.Memory[^(place.Tail?.Length ?? 0)..]);
            using FilePartStream file = new(path, place.Start, place.Length);
            await file.ReadExactlyAsync(block.Memory.Slice(place.Head?.Length ?? 0, place.Length), cancellationToken).ConfigureAwait(false);
            return block;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            block.Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            block.Dispose();
            throw DestinationIo.Explain(path, e);
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }

    private static void EnterIndex(CatalogueConnection connection, long blob, BlobIndex index)
    {
        connection.Execute("INSERT OR IGNORE INTO files (blob, profile, cid) VALUES ($1, $2, $3)", blob, BlobNaming.ProfileName, BytesOf(index.Cid));
        foreach ((Multihash hash, long start, int length) in index.Slices)
            connection.Execute("INSERT OR IGNORE INTO slices (hash, blob, start, length) VALUES ($1, $2, $3, $4)", BytesOf(hash), blob, start, length);
        EnterNodes(connection, blob, index.Nodes);
    }

    private static void EnterNodes(CatalogueConnection connection, long owner, IReadOnlyList<(Multihash Hash, byte[] Content)> nodes)
    {
        foreach ((Multihash hash, byte[] content) in nodes)
            connection.Execute("INSERT OR IGNORE INTO nodes (hash, owner, content) VALUES ($1, $2, $3)", BytesOf(hash), owner, content);
    }

    private static byte[] BytesOf(Multihash hash)
    {
        byte[] bytes = new byte[hash.Length];
        hash.CopyTo(bytes);
        return bytes;
    }

    private static byte[] BytesOf(Cid cid)
    {
        byte[] bytes = new byte[cid.Length];
        cid.CopyTo(bytes);
        return bytes;
    }

    private static Cid? ReadCid(SqliteDataReader row, int column) =>
        !row.IsDBNull(column) && Cid.Read(row.GetFieldValue<byte[]>(column), out Cid cid) == CidFault.None ? cid : null;

    private static BlockPlace ReadPlace(SqliteDataReader row) => new(
        Digest.Parse(row.GetString(0)), row.GetInt64(1), row.GetInt32(2), BytesOrNull(row, 3), BytesOrNull(row, 4));

    private static byte[]? BytesOrNull(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);
}
