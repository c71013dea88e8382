namespace Ipdr.Oci.Multiformats;

/// <summary>The unsigned varint of the multiformats specification: seven bits a byte, low bits first, in the shortest form, at most 9 bytes.</summary>
/// <remarks>Protobuf's varint is another thing: 64 bits, and padding is allowed there.</remarks>
internal static class UnsignedVarint
{
    /// <summary>The longest form; so values have 63 bits.</summary>
    public const int MaxLength = 9;

    private const int GroupBits = 7;
    private const byte More = 0x80;

    /// <summary>Bytes of the value's form, 1 to 9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value has more than 63 bits.</exception>
    public static int LengthOf(ulong value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, (ulong)long.MaxValue);
        return (64 - int.CreateTruncating(ulong.LeadingZeroCount(value | 1)) + GroupBits - 1) / GroupBits;
    }

    /// <summary>Writes the value and returns how many bytes that took.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value has more than 63 bits.</exception>
    public static int Write(Span<byte> destination, ulong value)
    {
        int length = LengthOf(value);
        for (int i = 0; i < length - 1; i++, value >>= GroupBits)
            destination[i] = (byte)(value | More);
        destination[length - 1] = (byte)value;
        return length;
    }

    /// <summary>Reads the value at the start of <paramref name="source"/>.</summary>
    /// <param name="source">Bytes that may go on after the value.</param>
    /// <param name="value">The value, 0 where there is a fault.</param>
    /// <param name="length">Bytes of the value; where there is a fault, bytes up to where it shows.</param>
    public static VarintFault Read(ReadOnlySpan<byte> source, out ulong value, out int length)
    {
        ulong read = 0;
        value = 0;
        for (length = 0; length < Math.Min(source.Length, MaxLength);)
        {
            byte group = source[length];
            read |= (ulong)(group & ~More) << (GroupBits * length++);
            if ((group & More) != 0)
                continue;
            if (group == 0 && length > 1)
                return VarintFault.NotMinimal;
            value = read;
            return VarintFault.None;
        }
        return length == MaxLength ? VarintFault.TooLong : VarintFault.Truncated;
    }
}
