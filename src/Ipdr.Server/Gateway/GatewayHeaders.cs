using System.Globalization;
using System.Text;
using Ipdr.Oci.Multiformats;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Ipdr.Server.Gateway;

/// <summary>The headers that answers of the gateway have in common.</summary>
internal static class GatewayHeaders
{
    private const string Forever = "public, max-age=29030400, immutable";

    /// <summary>Describes content under an immutable path.</summary>
    /// <param name="context">The request and its answer.</param>
    /// <param name="wanted">What was asked for.</param>
    /// <param name="trace">The CIDs on the way, the last one that of the content.</param>
    /// <param name="tag">The entity tag, quotes and all.</param>
    public static void Describe(HttpContext context, GatewayRequest wanted, IReadOnlyList<Cid> trace, string tag)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ETag = tag;
        headers.CacheControl = Forever;
        headers.XContentTypeOptions = "nosniff";
        headers["X-Ipfs-Path"] = context.Request.Path.ToUriComponent();
        headers["X-Ipfs-Roots"] = string.Join(',', trace);
        if (wanted.Format == GatewayFormat.Plain)
            return;
        headers.ContentDisposition = Disposition(context.Request.Query["filename"], $"{trace[^1]}.{(wanted.Format == GatewayFormat.Car ? "car" : "bin")}");
        headers.Vary = "Accept";
        if (wanted.IsByAccept)
            headers.ContentLocation = $"{context.Request.Path.ToUriComponent()}{context.Request.QueryString.Add("format", wanted.FormatText).ToUriComponent()}";
    }

    /// <summary>Has the client this very answer already?</summary>
    public static bool IsAtHand(HttpContext context, string tag) => context.Request.Headers.IfNoneMatch is { Count: > 0 } known
        && EntityTagHeaderValue.TryParseList(known, out IList<EntityTagHeaderValue>? tags)
        && tags.Any(found => found.Tag == "*" || tag.EndsWith(found.Tag.ToString(), StringComparison.Ordinal));

    /// <summary>Says how a download is called: in plain letters, and in all of them (RFC 6266).</summary>
    private static string Disposition(string? wanted, string name)
    {
        const int MaxName = 255;
        if (string.IsNullOrEmpty(wanted) || wanted.Length > MaxName)
            return $"attachment; filename=\"{name}\"";
        StringBuilder plain = new();
        foreach (char c in wanted)
            plain.Append(c is >= ' ' and < (char)127 and not ('"' or '\\') ? c : '_');
        return string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"{plain}\"; filename*=UTF-8''{Uri.EscapeDataString(wanted)}");
    }
}
