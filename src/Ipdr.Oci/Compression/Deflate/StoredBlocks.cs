namespace Ipdr.Oci.Compression.Deflate;

/// <summary>DEFLATE blocks that are not compressed (RFC 1951, section 3.2.4).</summary>
internal static class StoredBlocks
{
    // LEN and NLEN, behind the block's type and the padding to a byte's border.
    private const int LengthsBits = 32;

    /// <summary>What content takes where so many bits stand before it, in bits.</summary>
    public static long BitsFor(long position, int contentLength)
    {
        long blocks = (contentLength + DeflateFormat.MaxStoredLength - 1) / DeflateFormat.MaxStoredLength;
        long padded = (position + DeflateFormat.BlockTypeBits + 7) & ~7L;
        return padded - position + LengthsBits + ((blocks - 1) * (8 + LengthsBits)) + (8L * contentLength);
    }

    /// <summary>Writes content, which ends at a byte's border; none at all as one empty block.</summary>
    public static void Write(ref BitWriter writer, ReadOnlySpan<byte> content)
    {
        do
        {
            ReadOnlySpan<byte> piece = content[..Math.Min(content.Length, DeflateFormat.MaxStoredLength)];
            writer.Add(DeflateFormat.StoredBlock, DeflateFormat.BlockTypeBits);
            writer.Align();
            writer.Add((uint)piece.Length | ((uint)~piece.Length << 16), LengthsBits);
            writer.Flush();
            writer.Append(piece);
            content = content[piece.Length..];
        }
        while (!content.IsEmpty);
    }
}
