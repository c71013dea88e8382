using System.Numerics;

namespace Ipdr.Oci.Tar;

/// <summary>The unit of a tar archive: headers are one block, bodies are padded to whole ones.</summary>
internal static class TarBlock
{
    /// <summary>Bytes of a block (POSIX pax, "ustar Interchange Format").</summary>
    public const int Size = 512;

    /// <summary>Zero bytes between the end of a body of <paramref name="length"/> bytes and the next block: 0 to 511.</summary>
    public static int PaddingAfter(long length) => (int)(-length & (Size - 1));

    public static bool IsZero(ReadOnlySpan<byte> block) => !block.ContainsAnyExcept((byte)0);

    /// <summary>The checksum as POSIX has it: all bytes added as unsigned, those of the checksum field taken as spaces.</summary>
    public static int UnsignedChecksum(ReadOnlySpan<byte> block)
    {
        // A lane of 16 bits holds all its share: 512 / 16 bytes, two halves each, of at most 255.
        Vector<ushort> lanes = Vector<ushort>.Zero;
        int done = 0;
        for (; done <= block.Length - Vector<byte>.Count; done += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(block[done..]), out Vector<ushort> low, out Vector<ushort> high);
            lanes += low + high;
        }
        int sum = 0;
        for (int lane = 0; lane < Vector<ushort>.Count; lane++)
            sum += lanes[lane];
        foreach (byte b in block[done..])
            sum += b;
        foreach (byte b in TarFields.Checksum.In(block))
            sum += ' ' - b;
        return sum;
    }

    /// <summary>The checksum as some old writers have it: all bytes added as signed.</summary>
    public static int SignedChecksum(ReadOnlySpan<byte> block)
    {
        int sum = UnsignedChecksum(block);
        foreach (byte b in block)
            sum -= b > sbyte.MaxValue ? 256 : 0;
        foreach (byte b in TarFields.Checksum.In(block))
            sum += b > sbyte.MaxValue ? 256 : 0;
        return sum;
    }
}
