using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Car;

/// <summary>The head of a section (CARv1, "Data"): length, CID; the block follows.</summary>
/// <param name="Offset">The byte of the CAR at which it begins.</param>
/// <param name="Cid">The block's name.</param>
/// <param name="HeadLength">Bytes of length and CID.</param>
/// <param name="DataLength">Bytes of the block.</param>
internal readonly record struct CarSection(long Offset, Cid Cid, int HeadLength, int DataLength)
{
    /// <summary>No head is longer.</summary>
    public const int MaxHeadLength = UnsignedVarint.MaxLength + Cid.MaxLength;

    /// <summary>Bytes of the whole section.</summary>
    public long Length => (long)HeadLength + DataLength;

    /// <summary>Bytes of the section of a block.</summary>
    public static long LengthOf(Cid cid, int dataLength) => UnsignedVarint.LengthOf((ulong)(cid.Length + dataLength)) + (long)cid.Length + dataLength;

    /// <summary>Writes the head of a block's section and returns its length.</summary>
    public static int WriteHead(Span<byte> destination, Cid cid, int dataLength)
    {
        int written = UnsignedVarint.Write(destination, (ulong)(cid.Length + dataLength));
        return written + cid.CopyTo(destination[written..]);
    }

    /// <summary>Reads a head.</summary>
    /// <param name="bytes">The first bytes of the section: <see cref="MaxHeadLength"/>, or all that the CAR has left.</param>
    /// <param name="offset">Where they are.</param>
    /// <param name="limits">What is too much.</param>
    /// <exception cref="CarFormatException">They are no head, or one of a block that is too large.</exception>
    public static CarSection Read(ReadOnlySpan<byte> bytes, long offset, CarLimits limits)
    {
        switch (UnsignedVarint.Read(bytes, out ulong length, out int lengthLength))
        {
            case VarintFault.Truncated:
                throw CarFaults.Truncated("the length of a section", offset, bytes.Length + 1, bytes.Length);
            case VarintFault.NotMinimal or VarintFault.TooLong:
                throw CarFaults.Bad("the length of a section is not in its shortest form, or longer than 9 bytes", offset);
        }
        if (length == 0)
            throw CarFaults.Bad("a section has no length", offset);
        if (length > (ulong)limits.MaxBlockBytes + Cid.MaxLength)
            throw CarFaults.Limit("a section is too long", offset, nameof(CarLimits.MaxBlockBytes), limits.MaxBlockBytes, $"{length} bytes");
        ReadOnlySpan<byte> section = bytes[lengthLength..];
        bool isCutOff = section.Length < Math.Min((int)length, Cid.MaxLength);
        if (section.Length > (int)length)
            section = section[..(int)length];
        CidFault fault = Cid.Read(section, out Cid cid, out int cidLength);
        if (isCutOff && fault is CidFault.Truncated or CidFault.Empty)
            throw CarFaults.Truncated("a section", offset, lengthLength + (long)length, bytes.Length);
        if (fault != CidFault.None)
            throw CarFaults.Bad($"the CID of a section cannot be used: {CidFormatException.Explain(fault)}", offset);
        int dataLength = (int)length - cidLength;
        return dataLength <= limits.MaxBlockBytes
            ? new CarSection(offset, cid, lengthLength + cidLength, dataLength)
            : throw CarFaults.Limit("a block is too large", offset, nameof(CarLimits.MaxBlockBytes), limits.MaxBlockBytes, $"{dataLength} bytes");
    }
}
