namespace Ipdr.Oci.Multiformats;

/// <summary>One way to spell bytes in characters. Strict: each sequence of bytes has exactly one spelling.</summary>
internal abstract class BaseEncoding
{
    private const sbyte NoDigit = -1;

    private readonly sbyte[] _values = new sbyte[128];

    private protected BaseEncoding(string alphabet)
    {
        Alphabet = alphabet;
        Array.Fill(_values, NoDigit);
        for (int value = 0; value < alphabet.Length; value++)
            _values[alphabet[value]] = (sbyte)value;
    }

    /// <summary>The characters by their values.</summary>
    protected string Alphabet { get; }

    /// <summary>No spelling of that many bytes is longer.</summary>
    public abstract int MaxEncodedLength(int byteCount);

    /// <summary>Spells the bytes and returns how many characters that took.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <param name="text">Room for <see cref="MaxEncodedLength"/> characters.</param>
    public abstract int Encode(ReadOnlySpan<byte> bytes, Span<char> text);

    /// <summary>Reads a spelling, nothing before or after it.</summary>
    /// <param name="text">The characters.</param>
    /// <param name="bytes">Where the bytes go.</param>
    /// <param name="written">How many there are; 0 where there is a fault.</param>
    public abstract BaseFault Decode(ReadOnlySpan<char> text, Span<byte> bytes, out int written);

    /// <summary>The value of a character, negative if the alphabet does not have it.</summary>
    protected int ValueOf(char character) => character < _values.Length ? _values[character] : NoDigit;
}
