using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Ipdr.Server.Registry;

/// <summary>The part of a blob that a request asks for (RFC 9110, section 14).</summary>
/// <param name="Start">The first byte.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct ByteRange(long Start, long Length)
{
    /// <summary>Reads a Range header. None, or one of another unit, means the whole, and so does an If-Range that names something else than is here.</summary>
    /// <param name="request">The request.</param>
    /// <param name="tag">The entity tag of the content, quotes and all.</param>
    /// <param name="size">Size of the content in bytes.</param>
    /// <param name="range">The part, or null for the whole. Several parts at once are answered with the whole, as the RFC allows.</param>
    /// <returns>False if no byte of the content is in the range: 416.</returns>
    public static bool TryRead(HttpRequest request, string tag, long size, out ByteRange? range)
    {
        range = null;
        if (request.Headers.IfRange is { Count: > 0 } condition && condition != tag)
            return true;
        string header = request.Headers.Range.ToString();
        if (!header.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
            return true;
        // A first byte after the last one is no range at all: refused, as the conformance tests ask for.
        if (!RangeHeaderValue.TryParse(header, out RangeHeaderValue? parsed))
            return false;
        if (parsed.Ranges.Count != 1)
            return true;
        RangeItemHeaderValue item = parsed.Ranges.First();
        long start = item.From ?? Math.Max(0, size - item.To!.Value);
        long end = item.From is null ? size - 1 : Math.Min(item.To ?? long.MaxValue, size - 1);
        if (start > end)
            return false;
        range = new ByteRange(start, end - start + 1);
        return true;
    }
}
