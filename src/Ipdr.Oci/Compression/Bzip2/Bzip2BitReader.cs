namespace Ipdr.Oci.Compression.Bzip2;

/// <summary>Bits of a bzip2 stream, the high bit of a byte first.</summary>
internal ref struct Bzip2BitReader(ReadOnlySpan<byte> input, int bitOffset, long origin)
{
    private readonly ReadOnlySpan<byte> _input = input;
    private readonly long _origin = origin;
    private long _position = bitOffset;

    /// <summary>Whole bytes that were used up.</summary>
    public readonly int BytesUsed => (int)(_position >> 3);

    /// <summary>Bits used of the byte after those.</summary>
    public readonly int BitOffset => (int)(_position & 7);

    /// <summary>Goes to the next whole byte.</summary>
    public void Align() => _position = (_position + 7) & ~7L;

    /// <summary>The next <paramref name="count"/> bits, 1 to 24, zeros behind the end.</summary>
    public readonly uint Peek(int count)
    {
        int at = (int)(_position >> 3);
        ulong bits = 0;
        for (int i = 0; i < 4; i++)
            bits = (bits << 8) | (at + i < _input.Length ? _input[at + i] : 0u);
        return (uint)(bits >> (32 - (int)(_position & 7) - count)) & ((1u << count) - 1);
    }

    /// <exception cref="CompressionFormatException">The data ends before.</exception>
    public void Skip(int count)
    {
        _position += count;
        if (_position > (long)_input.Length << 3)
            throw CompressionFormatException.Truncated(CompressionFormat.Bzip2, _origin + _input.Length);
    }

    /// <exception cref="CompressionFormatException">The data ends before.</exception>
    public uint Read(int count)
    {
        uint bits = Peek(count);
        Skip(count);
        return bits;
    }

    public bool ReadBit() => Read(1) != 0;

    public uint ReadUInt32() => (Read(16) << 16) | Read(16);

    public ulong ReadUInt48() => ((ulong)Read(24) << 24) | Read(24);
}
