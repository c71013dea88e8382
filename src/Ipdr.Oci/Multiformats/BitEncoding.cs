namespace Ipdr.Oci.Multiformats;

/// <summary>A base whose characters stand for a whole number of bits, high bits first (RFC 4648).</summary>
/// <param name="alphabet">2 to the power of <paramref name="bits"/> characters.</param>
/// <param name="bits">Bits a character.</param>
/// <param name="isPadded">Whether <c>=</c> fills up the last group of whole bytes.</param>
internal sealed class BitEncoding(string alphabet, int bits, bool isPadded = false) : BaseEncoding(alphabet)
{
    private const char Padding = '=';
    private const int BitsPerByte = 8;

    // Characters of the smallest group that is a whole number of bytes.
    private readonly int _group = bits switch { 4 => 2, 5 => 8, 6 => 4, _ => throw new ArgumentOutOfRangeException(nameof(bits)) };

    public override int MaxEncodedLength(int byteCount)
    {
        int length = (byteCount * BitsPerByte + bits - 1) / bits;
        return isPadded ? (length + _group - 1) / _group * _group : length;
    }

    public override int Encode(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        int written = 0, waiting = 0;
        uint buffer = 0;
        foreach (byte value in bytes)
        {
            buffer = (buffer << BitsPerByte) | value;
            for (waiting += BitsPerByte; waiting >= bits; waiting -= bits)
                text[written++] = Digit(buffer >> (waiting - bits));
        }
        if (waiting > 0)
            text[written++] = Digit(buffer << (bits - waiting));
        while (isPadded && written % _group != 0)
            text[written++] = Padding;
        return written;
    }

    public override BaseFault Decode(ReadOnlySpan<char> text, Span<byte> bytes, out int written)
    {
        written = 0;
        ReadOnlySpan<char> digits = isPadded ? text.TrimEnd(Padding) : text;
        int count = digits.Length * bits / BitsPerByte;
        if (MaxEncodedLength(count) != text.Length)
            return digits.ContainsAnyExcept(Alphabet) ? BaseFault.BadCharacter : BaseFault.BadLength;
        if (count > bytes.Length)
            return BaseFault.TooLong;
        int waiting = 0, filled = 0;
        uint buffer = 0;
        foreach (char digit in digits)
        {
            int value = ValueOf(digit);
            if (value < 0)
                return BaseFault.BadCharacter;
            buffer = (buffer << bits) | (uint)value;
            waiting += bits;
            if (waiting < BitsPerByte)
                continue;
            waiting -= BitsPerByte;
            bytes[filled++] = (byte)(buffer >> waiting);
        }
        if ((buffer & ((1u << waiting) - 1)) != 0)
            return BaseFault.TrailingBits;
        written = filled;
        return BaseFault.None;
    }

    private char Digit(uint value) => Alphabet[(int)(value & ((1u << bits) - 1))];
}
