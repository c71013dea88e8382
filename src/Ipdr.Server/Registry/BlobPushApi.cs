using System.Globalization;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Store;
using Microsoft.AspNetCore.Http;

namespace Ipdr.Server.Registry;

/// <summary>Blobs come in, in one request or in many, and go (distribution-spec, "Pushing Blobs").</summary>
internal sealed class BlobPushApi(ContentStore store, ServerOptions options)
{
    /// <summary>POST: mounts a blob, takes it in one go, or starts an upload.</summary>
    public async Task StartAsync(RegistryCall call)
    {
        RepositoryName repository = call.Repository;
        if (call.Query("mount") is { } mount && await TryMountAsync(call, repository, RegistryCall.ReadDigest(mount)).ConfigureAwait(false))
            return;
        if (call.Query("digest") is { } text)
        {
            await TakeAsync(call, repository, RegistryCall.ReadDigest(text)).ConfigureAwait(false);
            return;
        }
        UploadId id = await store.StartUploadAsync(repository, ReadAlgorithm(call), call.Aborted).ConfigureAwait(false);
        DescribeUpload(call, repository, id, 0);
        await call.Write(StatusCodes.Status202Accepted).ConfigureAwait(false);
    }

    /// <summary>GET: how far an upload is.</summary>
    public Task GetStatusAsync(RegistryCall call)
    {
        (RepositoryName repository, UploadId id) = ReadUpload(call);
        long length = store.FindUploadLength(repository, id) ?? throw UploadUnknown(call);
        DescribeUpload(call, repository, id, length);
        return call.Write(StatusCodes.Status204NoContent);
    }

    /// <summary>PATCH: more bytes.</summary>
    public async Task AppendAsync(RegistryCall call)
    {
        (RepositoryName repository, UploadId id) = ReadUpload(call);
        BlobUpload upload = store.OpenUpload(repository, id) ?? throw UploadUnknown(call);
        await using (upload.ConfigureAwait(false))
        {
            await AppendAsync(call, upload).ConfigureAwait(false);
            DescribeUpload(call, repository, id, upload.Length);
        }
        await call.Write(StatusCodes.Status202Accepted).ConfigureAwait(false);
    }

    /// <summary>PUT: the last bytes, if any, and what all of them are.</summary>
    public async Task FinishAsync(RegistryCall call)
    {
        (RepositoryName repository, UploadId id) = ReadUpload(call);
        if (call.Query("digest") is not { } text)
            throw new RegistryException(RegistryErrorCode.DigestInvalid, "an upload is closed with ?digest=…");
        Digest digest = RegistryCall.ReadDigest(text);
        BlobUpload upload = store.OpenUpload(repository, id) ?? throw UploadUnknown(call);
        await using (upload.ConfigureAwait(false))
        {
            await AppendAsync(call, upload).ConfigureAwait(false);
            await upload.CompleteAsync(digest, call.Aborted).ConfigureAwait(false);
        }
        await CreatedAsync(call, repository, digest).ConfigureAwait(false);
    }

    /// <summary>DELETE: forget the upload.</summary>
    public async Task CancelAsync(RegistryCall call)
    {
        (RepositoryName repository, UploadId id) = ReadUpload(call);
        if (!await store.CancelUploadAsync(repository, id, call.Aborted).ConfigureAwait(false))
            throw UploadUnknown(call);
        await call.Write(StatusCodes.Status204NoContent).ConfigureAwait(false);
    }

    /// <summary>DELETE of a blob.</summary>
    public async Task DeleteAsync(RegistryCall call)
    {
        RepositoryName repository = call.Repository;
        Digest digest = RegistryCall.ReadDigest(call.Route.Reference);
        if (!await store.DeleteBlobAsync(repository, digest, call.Aborted).ConfigureAwait(false))
            throw new RegistryException(RegistryErrorCode.BlobUnknown, "the repository has no such blob", [$"{repository} {digest}"]);
        await call.Write(StatusCodes.Status202Accepted).ConfigureAwait(false);
    }

    private async Task<bool> TryMountAsync(RegistryCall call, RepositoryName repository, Digest digest)
    {
        // A source that is no name has no blobs; the client then uploads.
        RepositoryName? from = null;
        if (call.Query("from") is { } text)
        {
            if (!RepositoryName.TryParse(text, null, out RepositoryName source))
                return false;
            from = source;
        }
        if (!await store.MountBlobAsync(repository, from, digest, call.Aborted).ConfigureAwait(false))
            return false;
        await CreatedAsync(call, repository, digest).ConfigureAwait(false);
        return true;
    }

    private async Task TakeAsync(RegistryCall call, RepositoryName repository, Digest digest)
    {
        BlobUpload upload = store.BeginUpload(repository, digest.Algorithm);
        await using (upload.ConfigureAwait(false))
        {
            await AppendAsync(call, upload).ConfigureAwait(false);
            await upload.CompleteAsync(digest, call.Aborted).ConfigureAwait(false);
        }
        await CreatedAsync(call, repository, digest).ConfigureAwait(false);
    }

    private async Task AppendAsync(RegistryCall call, BlobUpload upload)
    {
        long start = upload.Length;
        long? wanted = ReadChunk(call, upload);
        if (call.Request.ContentLength > options.MaxBlobBytes - start)
            throw TooLarge();
        long limit = wanted is { } chunk ? Math.Min(start + chunk, options.MaxBlobBytes) : options.MaxBlobBytes;
        try
        {
            await upload.AppendAsync(call.Request.BodyReader, limit, call.Aborted).ConfigureAwait(false);
        }
        catch (Oci.Faults.IpdrException e) when (e.Fault.Code == Oci.Faults.FaultCode.Limit)
        {
            upload.Truncate(start);
            throw limit == options.MaxBlobBytes ? TooLarge() : WrongLength();
        }
        if (wanted is { } promised && upload.Length - start != promised)
        {
            upload.Truncate(start);
            throw WrongLength();
        }
    }

    // Chunks come in order; one that does not start where the upload ends changes nothing.
    private static long? ReadChunk(RegistryCall call, BlobUpload upload)
    {
        string header = call.Request.Headers.ContentRange.ToString();
        if (header.Length == 0)
            return null;
        if (!ChunkRange.TryParse(header, out ChunkRange range))
            throw new RegistryException(RegistryErrorCode.BlobUploadInvalid, "Content-Range of a chunk is written START-END", [header]);
        if (range.Start != upload.Length)
        {
            DescribeUpload(call, upload.Repository, upload.Id, upload.Length);
            throw new RegistryException(RegistryErrorCode.RangeInvalid, $"the chunk does not start where the upload ends, at byte {upload.Length}", [header]);
        }
        return call.Request.ContentLength is { } length && length != range.Length ? throw WrongLength() : range.Length;
    }

    private static RegistryException WrongLength() => new(RegistryErrorCode.SizeInvalid, "the chunk has another length than its Content-Range") { Status = StatusCodes.Status400BadRequest };

    private RegistryException TooLarge() => new(RegistryErrorCode.SizeInvalid, $"a blob may have at most {options.MaxBlobBytes} bytes");

    private static RegistryException UploadUnknown(RegistryCall call) => new(RegistryErrorCode.BlobUploadUnknown, "the repository has no such upload", [call.Route.Reference]);

    private static (RepositoryName Repository, UploadId Id) ReadUpload(RegistryCall call) =>
        (call.Repository, UploadId.TryParse(call.Route.Reference, null, out UploadId id) ? id : throw UploadUnknown(call));

    private static DigestAlgorithm ReadAlgorithm(RegistryCall call)
    {
        if (call.Query("digest-algorithm") is not { } name)
            return DigestAlgorithm.Sha256;
        return DigestAlgorithm.TryParseName(name, out DigestAlgorithm algorithm)
            ? algorithm
            : throw new RegistryException(RegistryErrorCode.DigestInvalid, "the digest algorithm is not known here", [name]);
    }

    // Relative, so that it holds behind any proxy.
    private static void DescribeUpload(RegistryCall call, RepositoryName repository, UploadId id, long length)
    {
        IHeaderDictionary headers = call.Response.Headers;
        headers.Location = $"/v2/{repository}/blobs/uploads/{id}";
        headers.Range = string.Create(CultureInfo.InvariantCulture, $"0-{Math.Max(0, length - 1)}");
        headers[RegistryHeaders.UploadId] = id.ToString();
    }

    private static Task CreatedAsync(RegistryCall call, RepositoryName repository, Digest digest)
    {
        call.Response.Headers.Location = $"/v2/{repository}/blobs/{digest}";
        call.Response.Headers[RegistryHeaders.ContentDigest] = digest.ToString();
        return call.Write(StatusCodes.Status201Created);
    }
}
