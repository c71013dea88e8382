using System.Buffers.Binary;

namespace Ipdr.Oci.Compression.Gzip;

/// <summary>DEFLATE blocks that are not compressed (RFC 1951, section 3.2.4).</summary>
internal static class StoredBlocks
{
    private const int MaxContent = ushort.MaxValue;

    // Three bits of block header and the padding to a byte's border, then LEN and NLEN.
    private const int HeaderLength = 5;

    /// <summary>How long content of this length becomes, in bytes.</summary>
    public static int LengthFor(int contentLength) => contentLength + (HeaderLength * ((contentLength + MaxContent - 1) / MaxContent));

    /// <summary>Writes blocks, none of them marked as the last, at a byte's border; returns their length, which is <see cref="LengthFor"/>.</summary>
    public static int Write(ReadOnlySpan<byte> content, Span<byte> destination)
    {
        int written = 0;
        while (!content.IsEmpty)
        {
            ReadOnlySpan<byte> piece = content[..Math.Min(content.Length, MaxContent)];
            Span<byte> block = destination.Slice(written, HeaderLength + piece.Length);
            block[0] = 0;
            BinaryPrimitives.WriteUInt16LittleEndian(block[1..], (ushort)piece.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(block[3..], (ushort)~piece.Length);
            piece.CopyTo(block[HeaderLength..]);
            written += block.Length;
            content = content[piece.Length..];
        }
        return written;
    }
}
