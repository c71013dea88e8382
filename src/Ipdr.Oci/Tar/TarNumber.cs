using System.Buffers.Text;

namespace Ipdr.Oci.Tar;

/// <summary>Numbers as archives write them: octal text or base-256 in headers, decimal text in pax records.</summary>
internal static class TarNumber
{
    /// <summary>Reads a header field. Blank is 0; octal text ends at a NUL, a space or the field's end.</summary>
    /// <remarks>Base-256 (a GNU form): bit 7 of the first byte marks it, bit 6 is the sign of a big-endian two's complement.</remarks>
    public static bool TryParseField(ReadOnlySpan<byte> field, out long value) =>
        (field[0] & 0x80) != 0 ? TryParseBase256(field, out value) : TryParseOctal(field, out value);

    /// <summary>Reads decimal digits and nothing else; false when it is no number or exceeds 2^63 - 1.</summary>
    public static bool TryParseDecimal(ReadOnlySpan<byte> digits, out long value)
    {
        value = 0;
        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(digits, out value, out int consumed) && consumed == digits.Length;
    }

    /// <summary>Reads decimal digits with an optional minus before them.</summary>
    public static bool TryParseSignedDecimal(ReadOnlySpan<byte> text, out long value)
    {
        bool negative = text.StartsWith((byte)'-');
        if (!TryParseDecimal(negative ? text[1..] : text, out value))
            return false;
        value = negative ? -value : value;
        return true;
    }

    /// <summary>The largest number that fits in octal, with a NUL after it.</summary>
    public static long MaxOctal(TarField field) => (1L << (3 * (field.Length - 1))) - 1;

    /// <summary>Writes octal digits with leading zeros and a NUL after them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or greater than <see cref="MaxOctal"/>.</exception>
    public static void FormatOctal(Span<byte> block, TarField field, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, field.Name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxOctal(field), field.Name);
        Span<byte> room = field.In(block);
        room[^1] = 0;
        for (int i = room.Length - 2; i >= 0; i--, value >>= 3)
            room[i] = (byte)('0' + (value & 7));
    }

    private static bool TryParseOctal(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        ReadOnlySpan<byte> text = field.TrimStart(" \0"u8);
        int end = text.IndexOfAny((byte)' ', (byte)0);
        ReadOnlySpan<byte> digits = end < 0 ? text : text[..end];
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return false;
            value = checked((value << 3) | (uint)(digit - '0'));
        }
        // After a space only filling may come; what stands after a NUL was never cleared and means nothing.
        ReadOnlySpan<byte> rest = text[digits.Length..];
        int terminator = rest.IndexOf((byte)0);
        return !(terminator < 0 ? rest : rest[..terminator]).ContainsAnyExcept((byte)' ');
    }

    private static bool TryParseBase256(ReadOnlySpan<byte> field, out long value)
    {
        // 12 bytes less the mark are 95 bits: no overflow.
        Int128 wide = (field[0] & 0x40) != 0 ? -1 : 0;
        wide = (wide << 6) | (uint)(field[0] & 0x3f);
        foreach (byte b in field[1..])
            wide = (wide << 8) | b;
        bool fits = wide >= long.MinValue && wide <= long.MaxValue;
        value = fits ? (long)wide : 0;
        return fits;
    }
}
