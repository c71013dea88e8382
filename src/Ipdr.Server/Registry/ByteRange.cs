using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Ipdr.Server.Registry;

/// <summary>The part of a blob that a request asks for (RFC 9110, section 14).</summary>
/// <param name="Start">The first byte.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct ByteRange(long Start, long Length)
{
    private const string Unit = "bytes=";

    /// <summary>
    /// Reads a Range header. None, or one of another unit, means the whole, and so do a method other than GET, for which alone ranges are defined,
    /// and an If-Range that names something else than is here.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="tag">The entity tag of the content, quotes and all.</param>
    /// <param name="size">Size of the content in bytes.</param>
    /// <param name="range">The part, or null for the whole. Several parts at once are answered with the whole, as the RFC allows.</param>
    /// <returns>False if no byte of the content is in the range, or it is malformed: 416.</returns>
    public static bool TryRead(HttpRequest request, string tag, long size, out ByteRange? range)
    {
        range = null;
        if (!HttpMethods.IsGet(request.Method) || (request.Headers.IfRange is { Count: > 0 } condition && condition != tag))
            return true;
        string header = request.Headers.Range.ToString();
        if (!header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
            return true;
        string[] parts = header[Unit.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return parts.Length switch
        {
            0 => false,
            1 => TryReadPart(parts[0], size, out range),
            _ => parts.All(part => TryReadPositions(part, out _, out _)),
        };
    }

    private static bool TryReadPart(string text, long size, out ByteRange? range)
    {
        range = null;
        if (!TryReadPositions(text, out long? first, out long? last))
            return false;
        // All of nothing has no positions to be named by.
        if (first is null && last > 0 && size == 0)
            return true;
        long start = first ?? Math.Max(0, size - last!.Value);
        long end = first is null ? size - 1 : Math.Min(last ?? long.MaxValue, size - 1);
        if (start > end)
            return false;
        range = new ByteRange(start, end - start + 1);
        return true;
    }

    // A first byte after the last one is no range at all: refused, as the conformance tests ask for.
    private static bool TryReadPositions(string text, out long? first, out long? last)
    {
        first = last = null;
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash >= 0 && TryReadPosition(text.AsSpan(0, dash), out first) && TryReadPosition(text.AsSpan(dash + 1), out last)
            && (first is not null || last is not null) && !(first > last);
    }

    // No number of digits is too many (section 14.1.2); what no content is as long as counts as the largest number.
    private static bool TryReadPosition(ReadOnlySpan<char> digits, out long? position)
    {
        position = digits.IsEmpty ? null : long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : long.MaxValue;
        return !digits.ContainsAnyExceptInRange('0', '9');
    }
}
