namespace Ipdr.Oci.Compression.Xz;

/// <summary>The range decoder of LZMA over the bytes of one chunk; reading behind them gives zeros and is noticed at the chunk's end.</summary>
internal ref struct LzmaRangeDecoder
{
    /// <summary>Bytes before the first bit: a zero and four of code.</summary>
    public const int InitialLength = 5;

    /// <summary>A probability of one half.</summary>
    public const ushort Half = 1 << (ProbabilityBits - 1);

    private const int ProbabilityBits = 11;
    private const int MoveBits = 5;
    private const uint Top = 1 << 24;

    private readonly ReadOnlySpan<byte> _input;
    private uint _range;
    private uint _code;
    private int _at;

    public LzmaRangeDecoder(ReadOnlySpan<byte> chunk)
    {
        _input = chunk;
        _range = uint.MaxValue;
        _code = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(chunk[1..]);
        _at = InitialLength;
    }

    /// <summary>Was exactly the chunk used, and is nothing left in the code?</summary>
    public readonly bool IsAtEnd => _at == _input.Length && _code == 0;

    public uint Bit(ref ushort probability)
    {
        uint bound = (_range >> ProbabilityBits) * probability;
        uint bit;
        if (_code < bound)
        {
            _range = bound;
            probability += (ushort)(((1 << ProbabilityBits) - probability) >> MoveBits);
            bit = 0;
        }
        else
        {
            _range -= bound;
            _code -= bound;
            probability -= (ushort)(probability >> MoveBits);
            bit = 1;
        }
        Normalize();
        return bit;
    }

    public uint Tree(Span<ushort> probabilities, int bits)
    {
        uint symbol = 1;
        for (int i = 0; i < bits; i++)
            symbol = (symbol << 1) | Bit(ref probabilities[(int)symbol]);
        return symbol - (1u << bits);
    }

    public uint ReverseTree(Span<ushort> probabilities, int bits)
    {
        uint symbol = 1, result = 0;
        for (int i = 0; i < bits; i++)
        {
            uint bit = Bit(ref probabilities[(int)symbol]);
            symbol = (symbol << 1) | bit;
            result |= bit << i;
        }
        return result;
    }

    public uint Direct(int bits)
    {
        uint result = 0;
        for (int i = 0; i < bits; i++)
        {
            _range >>= 1;
            uint bit = _code >= _range ? 1u : 0;
            _code -= _range & (0 - bit);
            result = (result << 1) | bit;
            Normalize();
        }
        return result;
    }

    private void Normalize()
    {
        if (_range >= Top)
            return;
        _range <<= 8;
        _code = (_code << 8) | ((uint)_at < (uint)_input.Length ? _input[_at] : 0u);
        _at++;
    }
}
