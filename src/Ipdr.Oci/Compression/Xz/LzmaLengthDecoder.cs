namespace Ipdr.Oci.Compression.Xz;

/// <summary>The lengths of matches: three ranges of 8, 8 and 256 values.</summary>
internal sealed class LzmaLengthDecoder
{
    private const int PositionStates = 16;
    private const int ShortBits = 3;
    private const int LongBits = 8;
    private const int ShortCount = 1 << ShortBits;

    private readonly ushort[] _choice = new ushort[2];
    private readonly ushort[] _low = new ushort[PositionStates * ShortCount];
    private readonly ushort[] _middle = new ushort[PositionStates * ShortCount];
    private readonly ushort[] _high = new ushort[1 << LongBits];

    public void Reset()
    {
        foreach (ushort[] probabilities in (ushort[][])[_choice, _low, _middle, _high])
            probabilities.AsSpan().Fill(LzmaRangeDecoder.Half);
    }

    /// <summary>A length, without the minimum of 2.</summary>
    public int Read(ref LzmaRangeDecoder range, int positionState)
    {
        if (range.Bit(ref _choice[0]) == 0)
            return (int)range.Tree(_low.AsSpan(positionState * ShortCount, ShortCount), ShortBits);
        if (range.Bit(ref _choice[1]) == 0)
            return ShortCount + (int)range.Tree(_middle.AsSpan(positionState * ShortCount, ShortCount), ShortBits);
        return (2 * ShortCount) + (int)range.Tree(_high, LongBits);
    }
}
