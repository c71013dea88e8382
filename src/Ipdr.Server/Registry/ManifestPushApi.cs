using System.Buffers;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Resolution;
using Ipdr.Oci.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Ipdr.Server.Registry;

/// <summary>Manifests come and go (distribution-spec, "Pushing Manifests" and "Content Management").</summary>
/// <param name="store">Where they go.</param>
/// <param name="names">Whose folders are told the CIDs of tags; may be null.</param>
/// <param name="options">What is allowed.</param>
internal sealed class ManifestPushApi(ContentStore store, CidResolvers? names, ServerOptions options)
{
    // As many as fit into a request line that servers and proxies still take.
    private const int MaxTags = 128;

    // What programs send that do not know what they send.
    private static readonly string[] Untold = ["application/json", "application/octet-stream", "application/x-www-form-urlencoded"];

    public async Task PutAsync(RegistryCall call)
    {
        RepositoryName repository = call.Repository;
        List<Tag> tags = ReadTags(call);
        Digest? promised = call.NamesDigest ? RegistryCall.ReadDigest(call.Route.Reference) : call.Query("digest") is { } text ? RegistryCall.ReadDigest(text) : null;
        if (!call.NamesDigest)
            tags.Insert(0, ReadTag(call.Route.Reference));
        ReadOnlyMemory<byte> content = await ReadBodyAsync(call).ConfigureAwait(false);
        PushedManifest pushed = await store.PutManifestAsync(
            new ManifestPush(repository, promised ?? Digest.OfContent(DigestAlgorithm.Sha256, content.Span), content)
            {
                MediaType = ReadMediaType(call.Request.ContentType),
                Tags = tags,
                LayersMayBeMissing = !options.RequireLayers,
            },
            call.Aborted).ConfigureAwait(false);

        IHeaderDictionary headers = call.Response.Headers;
        headers.Location = $"/v2/{repository}/manifests/{pushed.Digest}";
        headers[RegistryHeaders.ContentDigest] = pushed.Digest.ToString();
        if (pushed.Cid is { } cid)
            headers[RegistryHeaders.ContentId] = cid.ToString();
        // Clients show it to people (distribution-spec, "Warnings").
        if (pushed.MissingLayers is { Count: > 0 } missing)
            headers.Warning = $"299 - \"{missing.Count} of the manifest's layers are not in the repository, {missing[0]} for one: push them, or nobody can pull the image\"";
        await RememberAsync(repository, tags, call.Aborted).ConfigureAwait(false);
        if (pushed.Subject is { } subject)
            headers[RegistryHeaders.Subject] = subject.ToString();
        if (call.Request.Query.ContainsKey("tag"))
            headers[RegistryHeaders.Tag] = string.Join(", ", tags);
        await call.Write(StatusCodes.Status201Created).ConfigureAwait(false);
    }

    public async Task DeleteAsync(RegistryCall call)
    {
        RepositoryName repository = call.Repository;
        bool deleted;
        if (call.NamesDigest)
        {
            deleted = await store.DeleteManifestAsync(repository, RegistryCall.ReadDigest(call.Route.Reference), call.Aborted).ConfigureAwait(false);
        }
        else
        {
            deleted = Tag.TryParse(call.Route.Reference, null, out Tag tag) && await store.DeleteTagAsync(repository, tag, call.Aborted).ConfigureAwait(false);
            if (deleted)
                Forget(repository, tag);
        }
        if (!deleted)
            throw new RegistryException(RegistryErrorCode.ManifestUnknown, "the repository has no such manifest", [$"{repository} {call.Route.Reference}"]);
        await call.Write(StatusCodes.Status202Accepted).ConfigureAwait(false);
    }

    private async Task RememberAsync(RepositoryName repository, IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        foreach (FolderResolver folder in names?.Folders ?? [])
        {
            foreach (Tag tag in tags)
            {
                if (await store.FindCidAsync(repository, tag, cancellationToken).ConfigureAwait(false) is { } cid)
                    await folder.RememberAsync(repository, tag, cid, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void Forget(RepositoryName repository, Tag tag)
    {
        foreach (FolderResolver folder in names?.Folders ?? [])
            folder.Forget(repository, tag);
    }

    private static List<Tag> ReadTags(RegistryCall call)
    {
        if (!call.Request.Query.TryGetValue("tag", out StringValues values))
            return [];
        if (values.Count > MaxTags)
            throw new RegistryException(RegistryErrorCode.TagInvalid, $"more than {MaxTags} tags at once") { Status = StatusCodes.Status414UriTooLong };
        return [.. values.Select(value => ReadTag(value ?? "")).Distinct()];
    }

    private static Tag ReadTag(string text) =>
        Tag.TryParse(text, null, out Tag tag) ? tag : throw new RegistryException(RegistryErrorCode.TagInvalid, "that is no tag", [text]);

    private static MediaType? ReadMediaType(string? contentType)
    {
        string type = (contentType ?? "").Split(';')[0].Trim();
        return !Untold.Contains(type) && MediaType.TryParse(type, null, out MediaType result) ? result : null;
    }

    private async Task<ReadOnlyMemory<byte>> ReadBodyAsync(RegistryCall call)
    {
        int limit = Math.Min(options.MaxManifestBytes, Document.MaxBytes);
        if (call.Request.ContentLength > limit)
            throw TooLarge(limit);
        ArrayBufferWriter<byte> content = new((int)Math.Max(call.Request.ContentLength ?? 0, 256));
        while (true)
        {
            var read = await call.Request.BodyReader.ReadAsync(call.Aborted).ConfigureAwait(false);
            bool tooLarge = content.WrittenCount + read.Buffer.Length > limit;
            foreach (ReadOnlyMemory<byte> segment in tooLarge ? default : read.Buffer)
                content.Write(segment.Span);
            call.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (tooLarge)
                throw TooLarge(limit);
            if (read.IsCompleted)
                return content.WrittenMemory;
        }
    }

    private static RegistryException TooLarge(int limit) => new(RegistryErrorCode.SizeInvalid, $"a manifest may have at most {limit} bytes");
}
