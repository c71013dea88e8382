namespace Ipdr.Oci.Tar;

/// <summary>Reads the map of sparse format 1.0 as it arrives.</summary>
/// <remarks>Decimal lines: the count of pieces, then offset and length of each (GNU tar manual, "Sparse Formats").</remarks>
internal sealed class SparseMapText(SparseMap map)
{
    private long _numbersLeft = -1;
    private long _number = -1;
    private long _offset = -1;

    /// <summary>Whether the last line has been read; what follows it in its block is filling.</summary>
    public bool IsComplete => _numbersLeft == 0;

    /// <summary>Reads on; false if the text is no map.</summary>
    public bool TryFeed(ReadOnlySpan<byte> text)
    {
        foreach (byte b in text)
        {
            if (IsComplete)
                return true;
            if (b == '\n' ? !TryTakeNumber() : !TryTakeDigit(b))
                return false;
        }
        return true;
    }

    private bool TryTakeDigit(byte b)
    {
        int digit = b - '0';
        long before = Math.Max(_number, 0);
        if (digit is < 0 or > 9 || before > (long.MaxValue - digit) / 10)
            return false;
        _number = 10 * before + digit;
        return true;
    }

    private bool TryTakeNumber()
    {
        long number = _number;
        _number = -1;
        if (number < 0)
            return false;
        if (_numbersLeft < 0)
        {
            _numbersLeft = number > long.MaxValue / 2 ? -1 : 2 * number;
            return _numbersLeft >= 0;
        }
        _numbersLeft--;
        if (_offset < 0)
        {
            _offset = number;
            return true;
        }
        bool added = map.TryAdd(_offset, number);
        _offset = -1;
        return added;
    }
}
