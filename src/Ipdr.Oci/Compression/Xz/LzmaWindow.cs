namespace Ipdr.Oci.Compression.Xz;

/// <summary>The plain bytes of a block: what matches may refer to, and what has not been given out yet. Grows with what is really written.</summary>
internal sealed class LzmaWindow(int dictionarySize)
{
    private byte[] _bytes = [];
    private int _start;
    private int _given;

    /// <summary>Bytes since the dictionary was reset, which matches may reach, up to the dictionary's size.</summary>
    public int Reach => Math.Min(End - _start, dictionarySize);

    /// <summary>Where the next byte goes.</summary>
    public int End { get; private set; }

    public byte this[int distance] => _bytes[End - 1 - distance];

    /// <summary>Makes room for <paramref name="count"/> bytes; everything before must have been given out.</summary>
    public void Reserve(int count)
    {
        if (_bytes.Length - End >= count)
            return;
        int keep = Reach;
        int wanted = Math.Max(count + keep, Math.Min(2 * _bytes.Length, dictionarySize + (dictionarySize / 2) + count));
        byte[] target = wanted > _bytes.Length ? new byte[wanted] : _bytes;
        _bytes.AsSpan(End - keep, keep).CopyTo(target);
        (_bytes, _start, End, _given) = (target, 0, keep, keep);
    }

    public void ResetDictionary() => _start = End;

    public void Add(byte value) => _bytes[End++] = value;

    public void Add(ReadOnlySpan<byte> plain)
    {
        plain.CopyTo(_bytes.AsSpan(End));
        End += plain.Length;
    }

    public void Repeat(int distance, int count)
    {
        byte[] bytes = _bytes;
        int end = End;
        for (int from = end - 1 - distance; count > 0; count--)
            bytes[end++] = bytes[from++];
        End = end;
    }

    /// <summary>Gives out what was not given out before, as far as it fits.</summary>
    public ReadOnlySpan<byte> Give(int most)
    {
        ReadOnlySpan<byte> plain = _bytes.AsSpan(_given, Math.Min(most, End - _given));
        _given += plain.Length;
        return plain;
    }
}
