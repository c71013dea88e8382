namespace Ipdr.Oci.Multiformats;

/// <summary>A base in which the bytes are one large number; zero bytes at the start are so many first characters of the alphabet.</summary>
/// <remarks>The work grows with the square of the length: callers bound it.</remarks>
/// <param name="alphabet">The characters by their values.</param>
internal sealed class NumberEncoding(string alphabet) : BaseEncoding(alphabet)
{
    // Base 32 is the largest power of two below both bases in use, so 5 bits a character is an upper bound.
    private const int LeastBits = 5;

    public override int MaxEncodedLength(int byteCount) => (byteCount * 8 + LeastBits - 1) / LeastBits;

    public override int Encode(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        int zeros = LeadingZeros(bytes), length = 0;
        Span<byte> digits = stackalloc byte[text.Length];
        foreach (byte value in bytes[zeros..])
        {
            int carry = value;
            for (int i = 0; i < length; i++, carry /= Alphabet.Length)
            {
                carry += digits[i] << 8;
                digits[i] = (byte)(carry % Alphabet.Length);
            }
            for (; carry > 0; carry /= Alphabet.Length)
                digits[length++] = (byte)(carry % Alphabet.Length);
        }
        text[..zeros].Fill(Alphabet[0]);
        for (int i = 0; i < length; i++)
            text[zeros + i] = Alphabet[digits[length - 1 - i]];
        return zeros + length;
    }

    public override BaseFault Decode(ReadOnlySpan<char> text, Span<byte> bytes, out int written)
    {
        written = 0;
        int zeros = text.IndexOfAnyExcept(Alphabet[0]) is var first and >= 0 ? first : text.Length, length = 0;
        if (zeros > bytes.Length)
            return BaseFault.TooLong;
        // The number is built low byte first, and turned at the end.
        Span<byte> number = bytes[zeros..];
        foreach (char digit in text[zeros..])
        {
            int carry = ValueOf(digit);
            if (carry < 0)
                return BaseFault.BadCharacter;
            for (int i = 0; i < length; i++, carry >>= 8)
            {
                carry += number[i] * Alphabet.Length;
                number[i] = (byte)carry;
            }
            for (; carry > 0; carry >>= 8)
            {
                if (length == number.Length)
                    return BaseFault.TooLong;
                number[length++] = (byte)carry;
            }
        }
        bytes[..zeros].Clear();
        number[..length].Reverse();
        written = zeros + length;
        return BaseFault.None;
    }

    private static int LeadingZeros(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept((byte)0) is var first and >= 0 ? first : bytes.Length;
}
