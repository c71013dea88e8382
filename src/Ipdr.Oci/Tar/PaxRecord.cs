using System.Globalization;

namespace Ipdr.Oci.Tar;

/// <summary>One record of a pax header: <c>length keyword=value\n</c>. The value may be any bytes, line feeds included.</summary>
internal static class PaxRecord
{
    /// <summary>Takes the first record off <paramref name="rest"/>.</summary>
    /// <exception cref="TarFormatException">It is malformed, or longer than what is left.</exception>
    public static string Read(ref ReadOnlyMemory<byte> rest, long place, out ReadOnlyMemory<byte> value)
    {
        ReadOnlySpan<byte> span = rest.Span;
        int space = span.IndexOf((byte)' ');
        if (space < 0 || !TarNumber.TryParseDecimal(span[..space], out long length))
            throw TarFaults.BadHeader("a pax record does not begin with its length", null, place);
        if (length > span.Length)
            throw TarFaults.BadHeader("a pax record is longer than the pax header it is in", null, place);
        if (length <= space + 1 || span[(int)length - 1] != '\n')
            throw TarFaults.BadHeader("a pax record does not end where its length says", null, place);
        int equals = span[..(int)length].IndexOf((byte)'=');
        if (equals <= space + 1 || span[..equals].Contains((byte)0))
            throw TarFaults.BadHeader("a pax record has no keyword", null, place);
        value = rest[(equals + 1)..((int)length - 1)];
        string keyword = PaxKeyword.Decode(span[(space + 1)..equals]);
        rest = rest[(int)length..];
        return keyword;
    }

    /// <summary>The beginning of a record, its length and a space, for a keyword and a value of so many bytes.</summary>
    public static string LengthText(int keywordLength, int valueLength)
    {
        // Space, equals sign and line feed.
        int content = checked(keywordLength + valueLength + 3);
        int length = content + Digits(content);
        // The digits of the length count too, and may make one more digit necessary.
        length = content + Digits(length);
        return string.Create(CultureInfo.InvariantCulture, $"{length} ");
    }

    private static int Digits(int value) => value.ToString(CultureInfo.InvariantCulture).Length;
}
