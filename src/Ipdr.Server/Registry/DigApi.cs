using System.Text;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Resolution;
using Microsoft.AspNetCore.Http;

namespace Ipdr.Server.Registry;

/// <summary><c>/dig?q=NAME[:TAG]&amp;short=true</c>: which CID a name has, as the Go IPDR tells it.</summary>
internal sealed class DigApi(CidRegistry registry, ServedContent served)
{
    private static readonly string[] Yes = ["1", "t", "T", "true", "TRUE", "True"];

    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        string query = context.Request.Query["q"].ToString();
        int colon = query.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? query : query[..colon], tag = colon < 0 ? "" : query[(colon + 1)..];
        if (name.Length == 0)
            await WriteAsync(context, StatusCodes.Status400BadRequest, "Required parameter 'q' missing. /dig?q=name:tag&short=true").ConfigureAwait(false);
        else if (!RepositoryName.TryParse(name, null, out RepositoryName repository) || (tag.Length > 0 && !Tag.TryParse(tag, null, out _)))
            await WriteAsync(context, StatusCodes.Status400BadRequest, "q is a name and a tag: /dig?q=name:tag&short=true").ConfigureAwait(false);
        else if (tag.Length == 0)
            await ListAsync(context, repository).ConfigureAwait(false);
        else
            await FindAsync(context, repository, Tag.Parse(tag), Yes.Contains(context.Request.Query["short"].ToString())).ConfigureAwait(false);
    }

    private async Task ListAsync(HttpContext context, RepositoryName repository)
    {
        const int MaxTags = 10_000;
        IReadOnlyList<Tag>? tags = await registry.ListTagsAsync(repository, "", MaxTags, context.RequestAborted).ConfigureAwait(false);
        if (CidRegistry.CidOf(repository) is { } cid)
            await WriteAsync(context, StatusCodes.Status200OK, cid.ToVersion1().ToString()).ConfigureAwait(false);
        else if (tags is null or [])
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        else
            await WriteAsync(context, StatusCodes.Status200OK, string.Join('\n', tags)).ConfigureAwait(false);
    }

    private async Task FindAsync(HttpContext context, RepositoryName repository, Tag tag, bool brief)
    {
        Cid? found = served.Store is { } store ? await store.FindCidAsync(repository, tag, context.RequestAborted).ConfigureAwait(false) : null;
        found ??= await registry.ResolveAsync(repository, tag, context.RequestAborted).ConfigureAwait(false);
        if (found is not { } cid)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        string text = cid.ToVersion1().ToString();
        context.Response.Headers[RegistryHeaders.ContentId] = text;
        if (brief)
        {
            await WriteAsync(context, StatusCodes.Status200OK, text).ConfigureAwait(false);
            return;
        }
        RegistryManifest? manifest = await registry.FindManifestAsync(repository, tag, context.RequestAborted).ConfigureAwait(false);
        if (manifest is null)
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        else
            await WriteAsync(context, StatusCodes.Status200OK, Encoding.UTF8.GetString(manifest.Content.Span)).ConfigureAwait(false);
    }

    private static async Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        await new RegistryCall(context, default).WriteAsync(Encoding.UTF8.GetBytes(text + "\n"), "text/plain; charset=utf-8").ConfigureAwait(false);
    }
}
