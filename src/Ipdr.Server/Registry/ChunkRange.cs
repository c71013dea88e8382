using System.Globalization;

namespace Ipdr.Server.Registry;

/// <summary>Where a piece of an upload stands, from <c>Content-Range: START-END</c> (distribution-spec, "Pushing a blob in chunks").</summary>
/// <param name="Start">The first byte.</param>
/// <param name="End">The last byte.</param>
internal readonly record struct ChunkRange(long Start, long End)
{
    /// <summary>Bytes of the piece.</summary>
    public long Length => End - Start + 1;

    /// <summary>Reads the header; false if it has another form.</summary>
    public static bool TryParse(string text, out ChunkRange range)
    {
        range = default;
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 1 || !TryRead(text.AsSpan(0, dash), out long start) || !TryRead(text.AsSpan(dash + 1), out long end) || start > end)
            return false;
        range = new ChunkRange(start, end);
        return true;
    }

    private static bool TryRead(ReadOnlySpan<char> digits, out long value) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
