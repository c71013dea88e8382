namespace Ipdr.Oci.Compression.Bzip2;

/// <summary>A canonical Huffman code of a bzip2 block: lengths 1 to 20, the code of a length counts on from the one before.</summary>
internal sealed class Bzip2Huffman
{
    public const int MaxLength = 20;

    private readonly int[] _limits = new int[MaxLength + 1];
    private readonly int[] _bases = new int[MaxLength + 1];
    private readonly ushort[] _symbols;
    private readonly int _shortest;

    public Bzip2Huffman(ReadOnlySpan<byte> lengths)
    {
        _symbols = new ushort[lengths.Length];
        int code = 0, index = 0;
        _shortest = MaxLength;
        for (int length = 1; length <= MaxLength; length++)
        {
            _bases[length] = index - code;
            for (int symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] != length)
                    continue;
                _shortest = Math.Min(_shortest, length);
                _symbols[index++] = (ushort)symbol;
                code++;
            }
            // The first code that is too large for this length.
            _limits[length] = code;
            code <<= 1;
        }
    }

    /// <summary>The next symbol, or -1 for bits that are no code.</summary>
    public int Read(ref Bzip2BitReader bits)
    {
        uint window = bits.Peek(MaxLength);
        for (int length = _shortest; length <= MaxLength; length++)
        {
            int code = (int)(window >> (MaxLength - length));
            if (code >= _limits[length])
                continue;
            int index = code + _bases[length];
            if ((uint)index >= (uint)_symbols.Length)
                return -1;
            bits.Skip(length);
            return _symbols[index];
        }
        return -1;
    }
}
