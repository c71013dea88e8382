namespace Ipdr.Oci.Car;

/// <summary>As much of DAG-CBOR as the header of a CAR has; strict, as DAG-CBOR is: shortest forms and definite lengths only.</summary>
internal ref struct CborReader(ReadOnlySpan<byte> bytes)
{
    private const int MajorShift = 5;
    private const byte ArgumentMask = 0x1f;
    private const int FirstLongArgument = 24;
    private const int LastLongArgument = 27;

    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads the head of an item of that type: a number, or how many bytes or items follow.</summary>
    public bool TryRead(CborType type, out ulong argument)
    {
        argument = 0;
        if (_rest.IsEmpty || _rest[0] >> MajorShift != (int)type)
            return false;
        int shortArgument = _rest[0] & ArgumentMask;
        _rest = _rest[1..];
        if (shortArgument < FirstLongArgument)
        {
            argument = (ulong)shortArgument;
            return true;
        }
        int length = 1 << (shortArgument - FirstLongArgument);
        if (shortArgument > LastLongArgument || _rest.Length < length)
            return false;
        foreach (byte value in _rest[..length])
            argument = (argument << 8) | value;
        _rest = _rest[length..];
        return argument >= (length == 1 ? FirstLongArgument : 1UL << (4 * length));
    }

    /// <summary>Reads a byte string or a text.</summary>
    public bool TryReadBytes(CborType type, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (!TryRead(type, out ulong length) || length > (ulong)_rest.Length)
            return false;
        content = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }
}
