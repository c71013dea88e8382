using System.Globalization;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Ipdr.Server.Registry;

/// <summary>What can be read: manifests, blobs, tags, referrers (distribution-spec, "Pull" and "Content Discovery").</summary>
/// <param name="content">Where it comes from.</param>
/// <param name="writable">Is told what pushing clients ask about; null where nothing can be pushed.</param>
internal sealed class PullApi(IRegistryContent content, ContentStore? writable)
{
    // Referrers carry annotations: this many stay below the 4 MiB that clients read.
    private const int MaxReferrers = 1000;

    // Content that a digest names never changes.
    private const string Forever = "max-age=31536000, immutable";

    private const string Octets = "application/octet-stream";

    private static readonly byte[] EmptyObject = [.. "{}"u8];

    /// <summary><c>GET /v2/</c>: yes, this is a registry.</summary>
    public static Task GetBaseAsync(RegistryCall call) => call.WriteAsync(EmptyObject, "application/json");

    public async Task GetCatalogAsync(RegistryCall call)
    {
        (int limit, string after) = call.ReadPage();
        IReadOnlyList<RepositoryName> found = await content.ListRepositoriesAsync(after, limit + 1, call.Aborted).ConfigureAwait(false);
        string[] names = [.. found.Take(limit).Select(name => name.ToString())];
        if (found.Count > limit && limit > 0)
            call.LinkNext("/v2/_catalog", string.Create(CultureInfo.InvariantCulture, $"n={limit}&last={Uri.EscapeDataString(names[^1])}"));
        await call.WriteAsync(new RepositoryList(names), ServerJson.Default.RepositoryList).ConfigureAwait(false);
    }

    public async Task GetTagsAsync(RegistryCall call)
    {
        RepositoryName repository = call.Repository;
        (int limit, string after) = call.ReadPage();
        IReadOnlyList<Tag> found = await content.ListTagsAsync(repository, after, limit + 1, call.Aborted).ConfigureAwait(false)
            ?? throw new RegistryException(RegistryErrorCode.NameUnknown, "there is no such repository", [repository.ToString()]);
        string[] tags = [.. found.Take(limit).Select(tag => tag.ToString())];
        if (found.Count > limit && limit > 0)
            call.LinkNext($"/v2/{repository}/tags/list", string.Create(CultureInfo.InvariantCulture, $"n={limit}&last={Uri.EscapeDataString(tags[^1])}"));
        await call.WriteAsync(new TagList(repository.ToString(), tags), ServerJson.Default.TagList).ConfigureAwait(false);
    }

    public async Task GetManifestAsync(RegistryCall call)
    {
        RepositoryName repository = call.Repository;
        RegistryManifest manifest = await FindManifestAsync(call, repository).ConfigureAwait(false)
            ?? throw new RegistryException(RegistryErrorCode.ManifestUnknown, "the repository has no such manifest", [$"{repository} {call.Route.Reference}"]);
        if (writable is not null && HttpMethods.IsHead(call.Request.Method))
            await writable.NoteInterestAsync(manifest.Digest, call.Aborted).ConfigureAwait(false);
        string digest = manifest.Digest.ToString();
        Describe(call, digest);
        if (call.NamesDigest)
            call.Response.Headers.CacheControl = Forever;
        if (IsAtHand(call, digest))
            await call.Write(StatusCodes.Status304NotModified).ConfigureAwait(false);
        else
            await call.WriteAsync(manifest.Content, manifest.MediaType.ToString()).ConfigureAwait(false);
    }

    public async Task GetBlobAsync(RegistryCall call)
    {
        RepositoryName repository = call.Repository;
        Digest wanted = RegistryCall.ReadDigest(call.Route.Reference);
        RegistryBlob blob = await content.FindBlobAsync(repository, wanted, call.Aborted).ConfigureAwait(false)
            ?? throw BlobUnknown(repository, wanted);
        bool head = HttpMethods.IsHead(call.Request.Method);
        if (writable is not null && head)
            await writable.NoteInterestAsync(wanted, call.Aborted).ConfigureAwait(false);
        Describe(call, wanted.ToString());
        IHeaderDictionary headers = call.Response.Headers;
        headers.CacheControl = Forever;
        headers.AcceptRanges = "bytes";
        if (IsAtHand(call, wanted.ToString()))
        {
            await call.Write(StatusCodes.Status304NotModified).ConfigureAwait(false);
            return;
        }
        if (!ByteRange.TryRead(call.Request, TagOf(wanted.ToString()), blob.Size, out ByteRange? range))
        {
            headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{blob.Size}");
            throw new RegistryException(RegistryErrorCode.RangeInvalid, "the blob has no such bytes", [call.Request.Headers.Range.ToString()]);
        }
        ByteRange part = range ?? new ByteRange(0, blob.Size);
        call.Response.ContentType = Octets;
        call.Response.ContentLength = part.Length;
        if (range is not null)
        {
            call.Response.StatusCode = StatusCodes.Status206PartialContent;
            headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {part.Start}-{part.Start + part.Length - 1}/{blob.Size}");
        }
        if (head)
            return;
        try
        {
            await BlobSender.SendAsync(call.Context, blob, part).ConfigureAwait(false);
        }
        catch (FileNotFoundException) when (!call.Response.HasStarted)
        {
            // Collected since it was looked up.
            throw BlobUnknown(repository, wanted);
        }
    }

    public async Task GetReferrersAsync(RegistryCall call)
    {
        RepositoryName repository = call.Repository;
        Digest subject = RegistryCall.ReadDigest(call.Route.Reference);
        string? type = call.Query("artifactType");
        IReadOnlyList<Descriptor> found = await content.ListReferrersAsync(repository, subject, type, call.Query("last") ?? "", MaxReferrers + 1, call.Aborted).ConfigureAwait(false);
        Descriptor[] page = [.. found.Take(MaxReferrers)];
        if (type is not null)
            call.Response.Headers[RegistryHeaders.FiltersApplied] = "artifactType";
        if (found.Count > MaxReferrers)
        {
            string filter = type is null ? "" : $"&artifactType={Uri.EscapeDataString(type)}";
            call.LinkNext($"/v2/{repository}/referrers/{subject}", $"last={page[^1].Digest}{filter}");
        }
        ImageIndex index = new(2) { MediaType = MediaType.OciIndex, Manifests = page };
        await call.WriteAsync(Document.Write(index), MediaType.OciIndex.ToString()).ConfigureAwait(false);
    }

    private static RegistryException BlobUnknown(RepositoryName repository, Digest blob) =>
        new(RegistryErrorCode.BlobUnknown, "the repository has no such blob", [$"{repository} {blob}"]);

    private static void Describe(RegistryCall call, string digest)
    {
        call.Response.Headers[RegistryHeaders.ContentDigest] = digest;
        call.Response.Headers.ETag = TagOf(digest);
    }

    private static string TagOf(string digest) => $"\"{digest}\"";

    private static bool IsAtHand(RegistryCall call, string digest) => call.Request.Headers.IfNoneMatch is { Count: > 0 } known
        && EntityTagHeaderValue.TryParseList(known, out IList<EntityTagHeaderValue>? tags)
        && tags.Any(tag => tag.Tag == "*" || tag.Tag.AsSpan().Trim('"').SequenceEqual(digest));

    private ValueTask<RegistryManifest?> FindManifestAsync(RegistryCall call, RepositoryName repository)
    {
        if (call.NamesDigest)
            return content.FindManifestAsync(repository, RegistryCall.ReadDigest(call.Route.Reference), call.Aborted);
        return Tag.TryParse(call.Route.Reference, null, out Tag tag) ? content.FindManifestAsync(repository, tag, call.Aborted) : new((RegistryManifest?)null);
    }
}
