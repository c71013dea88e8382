using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Car;

/// <summary>The header of a version 1, and the pragma of a version 2, which is one without roots (CARv1, "Header"; CARv2, "Pragma").</summary>
internal static class CarHeaderCodec
{
    private const byte CidTag = 42;
    private const byte CidPrefix = 0;

    /// <summary>How a version 2 begins: a length, and a map that has <c>version</c> 2 only.</summary>
    public static ReadOnlySpan<byte> Pragma => [0x0a, 0xa1, 0x67, 0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0x02];

    /// <summary>The whole header of a version 1 with one root, its length first.</summary>
    public static byte[] Encode(Cid root)
    {
        byte[] link = new byte[1 + root.Length];
        link[0] = CidPrefix;
        root.CopyTo(link.AsSpan(1));
        byte[] map =
        [
            .. Head(CborType.Map, 2), .. Head(CborType.Text, 5), .. "roots"u8,
            .. Head(CborType.Array, 1), .. Head(CborType.Tag, CidTag), .. Head(CborType.Bytes, (byte)link.Length), .. link,
            .. Head(CborType.Text, 7), .. "version"u8, .. Head(CborType.Number, 1),
        ];
        byte[] header = new byte[UnsignedVarint.LengthOf((ulong)map.Length) + map.Length];
        map.CopyTo(header.AsSpan(UnsignedVarint.Write(header, (ulong)map.Length)));
        return header;
    }

    /// <summary>Reads a header without its length.</summary>
    /// <param name="map">The bytes.</param>
    /// <param name="offset">Where they are, for messages.</param>
    /// <exception cref="CarFormatException">They are no header, or one of an unknown version.</exception>
    public static CarHeader Decode(ReadOnlySpan<byte> map, long offset)
    {
        CborReader reader = new(map);
        ulong? version = null;
        List<Cid>? roots = null;
        bool isSound = reader.TryRead(CborType.Map, out ulong count);
        for (ulong i = 0; isSound && i < count; i++)
        {
            isSound = reader.TryReadBytes(CborType.Text, out ReadOnlySpan<byte> key);
            if (isSound && key.SequenceEqual("version"u8) && version is null && reader.TryRead(CborType.Number, out ulong number))
                version = number;
            else if (isSound && key.SequenceEqual("roots"u8) && roots is null)
                roots = ReadRoots(ref reader, offset);
            else
                isSound = false;
        }
        if (!isSound || !reader.IsAtEnd || version is null)
            throw offset == 0 ? CarFaults.NotACar("it does not begin with a CAR's header") : CarFaults.Bad("the header is malformed", offset);
        return (version, roots) switch
        {
            (1, not null) => new CarHeader(CarVersion.V1, roots),
            (2, null) => new CarHeader(CarVersion.V2, []),
            (1 or 2, _) => throw CarFaults.Bad("the header does not have the members of its version", offset),
            _ => throw CarFaults.Bad($"the CAR has version {version}, and only 1 and 2 are known", offset),
        };
    }

    // No argument here needs more than a byte.
    private static byte[] Head(CborType type, byte argument)
    {
        const int TypeShift = 5, FirstLongArgument = 24;
        int major = (int)type << TypeShift;
        return argument < FirstLongArgument ? [(byte)(major | argument)] : [(byte)(major | FirstLongArgument), argument];
    }

    private static List<Cid> ReadRoots(ref CborReader reader, long offset)
    {
        List<Cid> roots = [];
        if (!reader.TryRead(CborType.Array, out ulong count))
            throw CarFaults.Bad("the header's roots are no list", offset);
        for (ulong i = 0; i < count; i++)
        {
            if (!reader.TryRead(CborType.Tag, out ulong tag) || tag != CidTag || !reader.TryReadBytes(CborType.Bytes, out ReadOnlySpan<byte> link) || link is not [CidPrefix, ..])
                throw CarFaults.Bad("a root in the header is no CID", offset);
            if (Cid.Read(link[1..], out Cid root) is var fault and not CidFault.None)
                throw CarFaults.Bad($"a root in the header cannot be used: {CidFormatException.Explain(fault)}", offset);
            roots.Add(root);
        }
        return roots;
    }
}
