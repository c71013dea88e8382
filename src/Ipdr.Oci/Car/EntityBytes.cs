using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ipdr.Oci.Car;

/// <summary>A range of a file's bytes, <c>FROM:TO</c> (trustless gateway specification, "entity-bytes").</summary>
/// <param name="From">The first byte; negative ones count from the end.</param>
/// <param name="To">The last byte; negative ones count from the end, null is the end.</param>
public readonly record struct EntityBytes(long From, long? To) : ISpanParsable<EntityBytes>
{
    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static EntityBytes Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Reads a range.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static EntityBytes Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out EntityBytes result) ? result : throw new FormatException($"\"{s}\" is no range of bytes: it is written FROM:TO, where TO may be *");

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out EntityBytes)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out EntityBytes result) => TryParse(s.AsSpan(), provider, out result);

    /// <summary>Reads a range; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out EntityBytes result)
    {
        result = default;
        int colon = s.IndexOf(':');
        if (colon < 1 || !TryRead(s[..colon], out long from))
            return false;
        ReadOnlySpan<char> end = s[(colon + 1)..];
        if (end is "*")
        {
            result = new EntityBytes(from, null);
            return true;
        }
        if (!TryRead(end, out long to) || (from < 0 == to < 0 && from > to))
            return false;
        result = new EntityBytes(from, to);
        return true;
    }

    /// <summary>The range in a file of this size: its first byte, and the one after its last. Nothing of the file when they are equal.</summary>
    public (long Start, long End) In(long size)
    {
        long start = From < 0 ? Math.Max(0, size + From) : Math.Min(From, size);
        long end = To is not { } to ? size : to < 0 ? size + to + 1 : to >= size ? size : to + 1;
        return (start, Math.Max(start, end));
    }

    /// <summary>The range as it is written.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From}:{(To is { } to ? to.ToString(CultureInfo.InvariantCulture) : "*")}");

    private static bool TryRead(ReadOnlySpan<char> digits, out long value) => long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
