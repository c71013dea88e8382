namespace Ipdr.Oci.Compression.Xz;

/// <summary>CRC-64/XZ: ECMA-182, reflected. (System.IO.Hashing has the unreflected form only.)</summary>
internal struct XzCrc64()
{
    private const ulong Polynomial = 0xc96c5795d7870f42;
    private const int Slices = 8;

    private static readonly ulong[] Table = MakeTable();

    private ulong _crc = ulong.MaxValue;

    public readonly ulong Value => ~_crc;

    public void Append(ReadOnlySpan<byte> content)
    {
        ulong crc = _crc;
        for (; content.Length >= Slices; content = content[Slices..])
        {
            crc ^= System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(content);
            crc = Table[(7 * 256) + (byte)crc] ^ Table[(6 * 256) + (byte)(crc >> 8)] ^ Table[(5 * 256) + (byte)(crc >> 16)] ^ Table[(4 * 256) + (byte)(crc >> 24)]
                ^ Table[(3 * 256) + (byte)(crc >> 32)] ^ Table[(2 * 256) + (byte)(crc >> 40)] ^ Table[256 + (byte)(crc >> 48)] ^ Table[(byte)(crc >> 56)];
        }
        foreach (byte value in content)
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        _crc = crc;
    }

    private static ulong[] MakeTable()
    {
        ulong[] table = new ulong[Slices * 256];
        for (int i = 0; i < 256; i++)
        {
            ulong crc = (ulong)i;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            table[i] = crc;
        }
        for (int i = 256; i < table.Length; i++)
            table[i] = (table[i - 256] >> 8) ^ table[(byte)table[i - 256]];
        return table;
    }
}
