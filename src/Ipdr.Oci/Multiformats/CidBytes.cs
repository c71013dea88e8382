namespace Ipdr.Oci.Multiformats;

/// <summary>What the binary forms of CIDs and multihashes have in common.</summary>
internal static class CidBytes
{
    /// <summary>Takes a code from the start of <paramref name="source"/>.</summary>
    /// <remarks>All codes of the multicodec table have at most 31 bits; so codes fit their enumerations.</remarks>
    public static CidFault ReadCode(ref ReadOnlySpan<byte> source, out int code, out int length)
    {
        code = 0;
        if (UnsignedVarint.Read(source, out ulong value, out length) is var varint and not VarintFault.None)
            return FaultOf(varint);
        if (value > int.MaxValue)
            return CidFault.CodeTooLarge;
        source = source[length..];
        code = (int)value;
        return CidFault.None;
    }

    public static CidFault FaultOf(VarintFault fault) => fault == VarintFault.Truncated ? CidFault.Truncated : CidFault.BadVarint;
}
