using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Ipdr.Oci.Tar;

/// <summary>Names between bytes and strings without loss.</summary>
/// <remarks>
/// Names are UTF-8. A byte <c>b</c> that is not part of valid UTF-8 becomes the lone surrogate <c>U+DC00 + b</c> (U+DC80 to U+DCFF), to
/// which no valid UTF-8 decodes, so that other bytes always give another string and <see cref="Encode"/> gives the same bytes back.
/// </remarks>
internal static class TarText
{
    private const char EscapeBase = '\uDC00';

    /// <summary>Characters of a name that a message shows; longer ones are cut.</summary>
    private const int MaxQuotedLength = 160;

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return "";
        if (Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        StringBuilder text = new(bytes.Length);
        while (!bytes.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed) == OperationStatus.Done;
            if (valid)
                text.Append(rune.ToString());
            else
                foreach (byte b in bytes[..consumed])
                    text.Append((char)(EscapeBase + b));
            bytes = bytes[consumed..];
        }
        return text.ToString();
    }

    /// <summary>The bytes of a string, those of escaped bytes included.</summary>
    /// <exception cref="ArgumentException">The string has a lone surrogate that stands for no byte.</exception>
    public static byte[] Encode(string text)
    {
        ArrayBufferWriter<byte> bytes = new(Math.Max(1, text.Length));
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int consumed) == OperationStatus.Done)
                bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
            else if (rest[0] is >= (char)(EscapeBase + 0x80) and <= (char)(EscapeBase + 0xFF))
                bytes.Write([(byte)(rest[0] - EscapeBase)]);
            else
                throw new ArgumentException("the text has a lone surrogate that stands for no byte", nameof(text));
            rest = rest[consumed..];
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>What stands before the first NUL.</summary>
    public static ReadOnlySpan<byte> UntilNul(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return end < 0 ? bytes : bytes[..end];
    }

    /// <summary>A name for a message: in quotation marks, cut when long, with <c>\u</c> codes for what does not print.</summary>
    public static string Quote(string name)
    {
        StringBuilder text = new StringBuilder(name.Length + 2).Append('"');
        ReadOnlySpan<char> rest = name.AsSpan(0, Math.Min(name.Length, MaxQuotedLength));
        while (!rest.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf16(rest, out Rune rune, out int consumed) == OperationStatus.Done;
            if (valid && Prints(rune))
                text.Append(rest[..consumed]);
            else
                foreach (char c in rest[..consumed])
                    text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            rest = rest[consumed..];
        }
        return text.Append(name.Length > MaxQuotedLength ? "…\"" : "\"").ToString();
    }

    // Format characters can turn the direction of what follows them on a terminal.
    private static bool Prints(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
