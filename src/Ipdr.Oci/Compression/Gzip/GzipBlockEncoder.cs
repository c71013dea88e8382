using System.IO.Compression;
using Ipdr.Oci.Compression.Encoding;

namespace Ipdr.Oci.Compression.Gzip;

/// <summary>Turns a block into DEFLATE blocks (RFC 1951) that end on a byte's border, so that blocks can be joined.</summary>
/// <remarks>
/// The platform's deflater spends most time where there is least to win: content that is compressed already goes through it at half
/// the speed of programs and text. Runs of segments that <see cref="DenseContent"/> recognises are therefore stored; runs between
/// them are compressed each on its own. What comes out longer than stored is stored as well.
/// </remarks>
internal sealed class GzipBlockEncoder(int level) : BlockEncoder
{
    private const int SegmentSize = 64 << 10;

    private readonly ZLibCompressionOptions _options = new() { CompressionLevel = level };

    /// <summary>The most a block of this length can become, in bytes: every segment stored as a run of its own.</summary>
    public static int MaxEncodedLength(int blockLength) =>
        (blockLength / SegmentSize * StoredBlocks.LengthFor(SegmentSize)) + StoredBlocks.LengthFor(blockLength % SegmentSize);

    public override int Encode(ReadOnlySpan<byte> block, Memory<byte> destination)
    {
        int written = 0;
        while (!block.IsEmpty)
        {
            ReadOnlySpan<byte> run = NextRun(block, out bool isDense);
            Memory<byte> room = destination.Slice(written, StoredBlocks.LengthFor(run.Length));
            written += isDense ? StoredBlocks.Write(run, room.Span) : Deflate(run, room);
            block = block[run.Length..];
        }
        return written;
    }

    private static ReadOnlySpan<byte> NextRun(ReadOnlySpan<byte> block, out bool isDense)
    {
        isDense = DenseContent.Is(block[..Math.Min(SegmentSize, block.Length)]);
        int length = Math.Min(SegmentSize, block.Length);
        while (length < block.Length)
        {
            int next = Math.Min(SegmentSize, block.Length - length);
            if (DenseContent.Is(block.Slice(length, next)) != isDense)
                break;
            length += next;
        }
        return block[..length];
    }

    // The deflater's output depends on the lengths of the writes: a run is always one write.
    private int Deflate(ReadOnlySpan<byte> run, Memory<byte> room)
    {
        using BoundedOutput output = new(room);
        using DeflateStream deflate = new(output, _options, leaveOpen: true);
        deflate.Write(run);
        deflate.Flush();
        output.Close();
        return output.IsOverrun ? StoredBlocks.Write(run, room.Span) : output.Written;
    }
}
