using System.Globalization;
using System.Text;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;
using Ipdr.Server.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;

namespace Ipdr.Server.Gateway;

/// <summary>Answers with files and listings, for people. Scripts in them do not run: they would run beside the registry.</summary>
/// <param name="blocks">Where the blocks are.</param>
internal sealed class PlainAnswer(IBlockSource blocks)
{
    private const string Sandbox = "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'";

    private const int PieceBytes = 256 << 10;

    // A listing of more entries helps nobody.
    private const int MaxListed = 10_000;

    private static readonly FileExtensionContentTypeProvider Types = new();

    private readonly DagReader _reader = new(blocks);

    public async Task SendAsync(HttpContext context, GatewayRequest wanted)
    {
        IReadOnlyList<Cid> trace = await _reader.TraceAsync(wanted.Path, context.RequestAborted).ConfigureAwait(false);
        UnixFsEntry entry = await _reader.GetAsync(ContentPath.Of(trace[^1]), context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.ContentSecurityPolicy = Sandbox;
        if (entry.Kind == DagEntryKind.Symlink)
            throw new GatewayException(StatusCodes.Status501NotImplemented, "symbolic links are not followed");
        if (entry.Kind == DagEntryKind.File)
            await SendFileAsync(context, wanted, trace, entry, wanted.Path.Segments is [.., var name] ? name : "").ConfigureAwait(false);
        else
            await SendDirectoryAsync(context, wanted, trace).ConfigureAwait(false);
    }

    private async Task SendDirectoryAsync(HttpContext context, GatewayRequest wanted, IReadOnlyList<Cid> trace)
    {
        if (!context.Request.Path.Value!.EndsWith('/'))
        {
            context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
            context.Response.Headers.Location = $"{context.Request.Path.ToUriComponent()}/{context.Request.QueryString}";
            return;
        }
        List<UnixFsEntry> entries = [];
        await foreach (UnixFsEntry entry in _reader.DescribeAsync(ContentPath.Of(trace[^1]), context.RequestAborted).ConfigureAwait(false))
        {
            if (entry.Path == "index.html" && entry.Kind == DagEntryKind.File)
            {
                await SendFileAsync(context, wanted, [.. trace, entry.Cid], entry, entry.Path).ConfigureAwait(false);
                return;
            }
            if (entries.Count < MaxListed)
                entries.Add(entry);
        }
        string tag = $"\"DirIndex-{trace[^1]}\"";
        GatewayHeaders.Describe(context, wanted, trace, tag);
        // How a listing looks may change with the next release.
        context.Response.Headers.CacheControl = "public, max-age=604800";
        await SendBytesAsync(context, tag, Encoding.UTF8.GetBytes(Listing(wanted.Path, entries)), "text/html; charset=utf-8").ConfigureAwait(false);
    }

    private async Task SendFileAsync(HttpContext context, GatewayRequest wanted, IReadOnlyList<Cid> trace, UnixFsEntry file, string name)
    {
        string tag = $"\"{file.Cid}\"";
        GatewayHeaders.Describe(context, wanted, trace, tag);
        HttpResponse response = context.Response;
        response.ContentType = Types.TryGetContentType(name, out string? type) ? type : "application/octet-stream";
        if (GatewayHeaders.IsAtHand(context, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.Headers.AcceptRanges = "bytes";
        if (!ByteRange.TryRead(context.Request, tag, file.Size, out ByteRange? range))
        {
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{file.Size}");
            throw new GatewayException(StatusCodes.Status416RangeNotSatisfiable, "the file has no such bytes");
        }
        ByteRange part = range ?? new ByteRange(0, file.Size);
        response.ContentLength = part.Length;
        if (range is not null)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {part.Start}-{part.Start + part.Length - 1}/{file.Size}");
        }
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        Stream content = await _reader.OpenFileAsync(ContentPath.Of(file.Cid), context.RequestAborted).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            content.Position = part.Start;
            for (long left = part.Length; left > 0;)
            {
                Memory<byte> room = response.BodyWriter.GetMemory((int)Math.Min(left, PieceBytes));
                int count = await content.ReadAsync(room.Length > left ? room[..(int)left] : room, context.RequestAborted).ConfigureAwait(false);
                if (count == 0)
                    throw new EndOfStreamException($"{file.Cid} is shorter than it states");
                response.BodyWriter.Advance(count);
                left -= count;
                if ((await response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false)).IsCompleted)
                    return;
            }
        }
    }

    private static Task SendBytesAsync(HttpContext context, string tag, byte[] content, string type)
    {
        context.Response.ContentType = type;
        if (GatewayHeaders.IsAtHand(context, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        context.Response.ContentLength = content.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.BodyWriter.WriteAsync(content, context.RequestAborted).AsTask();
    }

    private static string Listing(ContentPath path, List<UnixFsEntry> entries)
    {
        StringBuilder html = new();
        string title = System.Net.WebUtility.HtmlEncode(path.ToString());
        html.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title>");
        html.Append("<style>body{font:1rem/1.5 system-ui;margin:2rem}td{padding:0 1rem 0 0}td:nth-child(2){text-align:right}code{font-size:.85rem}</style>");
        html.Append(CultureInfo.InvariantCulture, $"<h1>{title}</h1><table>");
        if (path.Segments.Count > 0)
            html.Append("<tr><td><a href=\"../\">..</a>");
        foreach (UnixFsEntry entry in entries)
        {
            string slash = entry.Kind == DagEntryKind.Directory ? "/" : "";
            string size = entry.Kind == DagEntryKind.File ? entry.Size.ToString(CultureInfo.InvariantCulture) : "";
            html.Append(CultureInfo.InvariantCulture, $"<tr><td><a href=\"./{Uri.EscapeDataString(entry.Path)}{slash}\">{System.Net.WebUtility.HtmlEncode(entry.Path)}{slash}</a><td>{size}<td><code>{entry.Cid}</code>");
        }
        return html.Append("</table></html>\n").ToString();
    }
}
