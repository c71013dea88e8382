namespace Ipdr.Oci.Compression.Bzip2;

/// <summary>The CRC-32 of bzip2: the usual polynomial with the high bit first.</summary>
internal static class Bzip2Crc
{
    public const uint Start = 0xffffffff;

    private const uint Polynomial = 0x04c11db7;

    private static readonly uint[] Table = MakeTable();

    public static uint Append(uint crc, byte value) => (crc << 8) ^ Table[(crc >> 24) ^ value];

    /// <summary>The stream's checksum after a block's.</summary>
    public static uint Combine(uint stream, uint block) => uint.RotateLeft(stream, 1) ^ block;

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i << 24;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 0x80000000) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
            table[i] = crc;
        }
        return table;
    }
}
