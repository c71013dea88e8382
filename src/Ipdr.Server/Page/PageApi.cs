using System.Text;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Resolution;
using Microsoft.AspNetCore.Http;

namespace Ipdr.Server.Page;

/// <summary>The page at <c>/</c>: what is here, for people.</summary>
internal sealed class PageApi(CidRegistry registry, ServedContent served)
{
    // Nothing from elsewhere, nothing inline, no frame, no form: what is shown was pushed by strangers.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string HtmlType = "text/html; charset=utf-8";

    private static readonly Dictionary<string, (string Type, byte[] Content)> Assets = new()
    {
        ["/-/style.css"] = ("text/css; charset=utf-8", Read("style.css")),
        ["/-/page.js"] = ("text/javascript; charset=utf-8", Read("page.js")),
        ["/-/icon.svg"] = ("image/svg+xml", Read("icon.svg")),
    };

    private readonly PageReader _reader = new(registry, served);

    /// <summary>Is it a path of the page's? No repository has a name that begins with a dash.</summary>
    public static bool Owns(string path) => path == "/" || path.StartsWith("/-/", StringComparison.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            headers.Allow = "GET, HEAD";
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        string path = request.Path.Value!;
        if (Assets.TryGetValue(path, out (string Type, byte[] Content) asset))
            await WriteAsync(context, StatusCodes.Status200OK, asset.Content, asset.Type).ConfigureAwait(false);
        else if (path == "/")
            await SendOverviewAsync(context).ConfigureAwait(false);
        else
            await SendImageAsync(context, path).ConfigureAwait(false);
    }

    private async Task SendOverviewAsync(HttpContext context)
    {
        string after = context.Request.Query["last"].ToString();
        IReadOnlyList<TagView> tags = await _reader.ListAsync(after, context.RequestAborted).ConfigureAwait(false);
        IReadOnlyList<RepositoryName> repositories = await registry.ListRepositoriesAsync(after, PageReader.MaxRepositories + 1, context.RequestAborted).ConfigureAwait(false);
        string? next = repositories.Count > PageReader.MaxRepositories ? repositories[PageReader.MaxRepositories - 1].ToString() : null;
        await WriteAsync(context, StatusCodes.Status200OK, OverviewPage.Write(tags, next, context.Request.Host.ToString(), served.Store is not null)).ConfigureAwait(false);
    }

    private async Task SendImageAsync(HttpContext context, string path)
    {
        IQueryCollection query = context.Request.Query;
        TagView? found = path == "/-/image" && RepositoryName.TryParse(query["name"].ToString(), null, out RepositoryName repository) && Tag.TryParse(query["tag"].ToString(), null, out Tag tag)
            ? await _reader.FindAsync(repository, tag, context.RequestAborted).ConfigureAwait(false)
            : null;
        if (found is null)
        {
            await WriteAsync(context, StatusCodes.Status404NotFound, NotFoundPage()).ConfigureAwait(false);
            return;
        }
        LayerPlot plot = LayerPlot.Of([.. await _reader.ListAsync("", context.RequestAborted).ConfigureAwait(false), found]);
        Html page = ImagePage.Write(found, plot, context.Request.Host.ToString(), context.Request.Scheme);
        await WriteAsync(context, StatusCodes.Status200OK, page).ConfigureAwait(false);
    }

    private static Html NotFoundPage() => PageFrame.Wrap("ipdr", Of($"<h1>There is no such image</h1><p>It may have been deleted, or its tag moved.</p><p><a href=\"/\">All images</a></p>"));

    private static Html Of(Html html) => html;

    private static Task WriteAsync(HttpContext context, int status, Html page) => WriteAsync(context, status, Encoding.UTF8.GetBytes(page.ToString()), HtmlType);

    private static async Task WriteAsync(HttpContext context, int status, byte[] content, string type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.BodyWriter.WriteAsync(content, context.RequestAborted).ConfigureAwait(false);
    }

    private static byte[] Read(string name)
    {
        using Stream stream = typeof(PageApi).Assembly.GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
