namespace Ipdr.Oci.Compression.Xz;

/// <summary>The LZMA state machine between the chunks of an LZMA2 stream.</summary>
internal sealed class LzmaDecoder(LzmaWindow window)
{
    private const int States = 12;
    private const int FirstStateAfterMatch = 7;
    private const int PositionStates = 16;
    private const int LiteralSize = 0x300;
    private const int MaxLiteralBits = 4;
    private const int MinMatch = 2;
    private const int AlignBits = 4;
    private const int FirstSlotWithExtra = 4;
    private const int FirstDirectSlot = 14;

    private readonly ushort[] _isMatch = new ushort[States * PositionStates];
    private readonly ushort[] _isRepeat = new ushort[States];
    private readonly ushort[] _isRepeat0 = new ushort[States];
    private readonly ushort[] _isRepeat1 = new ushort[States];
    private readonly ushort[] _isRepeat2 = new ushort[States];
    private readonly ushort[] _isRepeat0Long = new ushort[States * PositionStates];
    private readonly ushort[] _slots = new ushort[4 * 64];
    private readonly ushort[] _special = new ushort[128];
    private readonly ushort[] _align = new ushort[1 << AlignBits];
    private readonly ushort[] _literals = new ushort[LiteralSize << MaxLiteralBits];
    private readonly LzmaLengthDecoder _matchLength = new();
    private readonly LzmaLengthDecoder _repeatLength = new();
    private int _literalContextBits;
    private int _literalPositionMask;
    private int _positionMask;
    private int _state;
    private uint _rep0;
    private uint _rep1;
    private uint _rep2;
    private uint _rep3;
    private long _position;

    /// <summary>Takes new properties; false when they are impossible (LZMA2: lc + lp ≤ 4).</summary>
    public bool TrySetProperties(byte properties)
    {
        int context = properties % 9, position = properties / 9 % 5, total = properties / 45;
        if (total > 4 || context + position > MaxLiteralBits)
            return false;
        (_literalContextBits, _literalPositionMask, _positionMask) = (context, (1 << position) - 1, (1 << total) - 1);
        return true;
    }

    public void ResetState()
    {
        foreach (ushort[] probabilities in (ushort[][])[_isMatch, _isRepeat, _isRepeat0, _isRepeat1, _isRepeat2, _isRepeat0Long, _slots, _special, _align, _literals])
            probabilities.AsSpan().Fill(LzmaRangeDecoder.Half);
        _matchLength.Reset();
        _repeatLength.Reset();
        (_state, _rep0, _rep1, _rep2, _rep3) = (0, 0, 0, 0, 0);
    }

    /// <summary>Positions count from the last dictionary reset, over stored chunks as well.</summary>
    public void SetPosition(long position) => _position = position;

    /// <summary>Decodes a chunk into the window; false when the data is malformed.</summary>
    public bool Decode(ReadOnlySpan<byte> chunk, int length)
    {
        LzmaRangeDecoder range = new(chunk);
        int left = length;
        while (left > 0)
        {
            int positionState = (int)_position & _positionMask;
            int count;
            if (range.Bit(ref _isMatch[(_state << 4) + positionState]) == 0)
            {
                Literal(ref range);
                count = 1;
            }
            else if ((count = Match(ref range, positionState)) < 1 || count > left || _rep0 >= (uint)window.Reach)
            {
                return false;
            }
            else
            {
                window.Repeat((int)_rep0, count);
            }
            left -= count;
            _position += count;
        }
        return range.IsAtEnd;
    }

    private void Literal(ref LzmaRangeDecoder range)
    {
        int previous = window.Reach > 0 ? window[0] : 0;
        int context = (((int)_position & _literalPositionMask) << _literalContextBits) + (previous >> (8 - _literalContextBits));
        Span<ushort> probabilities = _literals.AsSpan(LiteralSize * context, LiteralSize);
        uint symbol = 1;
        if (_state >= FirstStateAfterMatch && _rep0 < (uint)window.Reach)
        {
            uint match = window[(int)_rep0];
            do
            {
                uint matchBit = (match >> 7) & 1;
                match <<= 1;
                uint bit = range.Bit(ref probabilities[(int)(((1 + matchBit) << 8) + symbol)]);
                symbol = (symbol << 1) | bit;
                if (matchBit != bit)
                    break;
            }
            while (symbol < 0x100);
        }
        while (symbol < 0x100)
            symbol = (symbol << 1) | range.Bit(ref probabilities[(int)symbol]);
        window.Add((byte)symbol);
        _state = _state < 4 ? 0 : _state < 10 ? _state - 3 : _state - 6;
    }

    // Sets the distance and gives the length.
    private int Match(ref LzmaRangeDecoder range, int positionState)
    {
        if (range.Bit(ref _isRepeat[_state]) == 0)
        {
            (_rep3, _rep2, _rep1) = (_rep2, _rep1, _rep0);
            int length = _matchLength.Read(ref range, positionState);
            _state = _state < FirstStateAfterMatch ? 7 : 10;
            _rep0 = Distance(ref range, Math.Min(length, 3));
            return length + MinMatch;
        }
        if (range.Bit(ref _isRepeat0[_state]) == 0)
        {
            if (range.Bit(ref _isRepeat0Long[(_state << 4) + positionState]) == 0)
            {
                _state = _state < FirstStateAfterMatch ? 9 : 11;
                return 1;
            }
        }
        else if (range.Bit(ref _isRepeat1[_state]) == 0)
        {
            (_rep0, _rep1) = (_rep1, _rep0);
        }
        else if (range.Bit(ref _isRepeat2[_state]) == 0)
        {
            (_rep0, _rep1, _rep2) = (_rep2, _rep0, _rep1);
        }
        else
        {
            (_rep0, _rep1, _rep2, _rep3) = (_rep3, _rep0, _rep1, _rep2);
        }
        int repeated = _repeatLength.Read(ref range, positionState);
        _state = _state < FirstStateAfterMatch ? 8 : 11;
        return repeated + MinMatch;
    }

    private uint Distance(ref LzmaRangeDecoder range, int lengthState)
    {
        uint slot = range.Tree(_slots.AsSpan(lengthState << 6, 64), 6);
        if (slot < FirstSlotWithExtra)
            return slot;
        int bits = (int)(slot >> 1) - 1;
        uint distance = (2 | (slot & 1)) << bits;
        if (slot < FirstDirectSlot)
            return distance + range.ReverseTree(_special.AsSpan((int)(distance - slot)), bits);
        return distance + (range.Direct(bits - AlignBits) << AlignBits) + range.ReverseTree(_align, AlignBits);
    }
}
