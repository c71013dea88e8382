namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Compresses blocks to DEFLATE that ends on a byte's border and is not marked as the last, so that blocks can be joined. For one thread at a time.</summary>
/// <remarks>
/// A block is cut into segments of 64 KiB. Segments that <see cref="DenseContent"/> recognises are stored; what lies between them is parsed
/// region by region, and the tokens of a region become one or more DEFLATE blocks, cut where their statistics change.
/// The output depends on the block alone.
/// </remarks>
/// <param name="parser">Finds and chooses matches.</param>
/// <param name="splitter">Divides tokens into DEFLATE blocks.</param>
/// <param name="improvements">How often a DEFLATE block is parsed once more; 0 unless the parser can.</param>
internal sealed class DeflateEncoder(Parser parser, BlockSplitter splitter, int improvements)
{
    /// <summary>The bytes of a block that are parsed at a time, and whose tokens are kept.</summary>
    public const int RegionLength = 256 << 10;

    private const int DenseSegment = 64 << 10;

    private readonly TokenBuffer _tokens = new(RegionLength);
    private readonly TokenBuffer _improved = new(improvements == 0 ? 0 : RegionLength);
    private readonly SymbolCounts _counts = new();
    private readonly BlockWriter _writer = new();

    /// <summary>The most a block of this length can become, in bytes, with room for the writer to store whole words.</summary>
    /// <remarks>
    /// No DEFLATE block is longer than stored, which takes five bytes more than the content, and all but the last of a region have
    /// <see cref="BlockSplitter.MinSegmentTokens"/> tokens and so at least as many bytes.
    /// </remarks>
    public static int MaxEncodedLength(int length) => length + (length / 64) + 256;

    /// <summary>Compresses a block.</summary>
    /// <param name="block">The plain bytes, at least one.</param>
    /// <param name="destination">At least <see cref="MaxEncodedLength"/>.</param>
    /// <returns>The length of the compressed form, in bytes.</returns>
    public int Encode(ReadOnlySpan<byte> block, Span<byte> destination)
    {
        BitWriter writer = new(destination);
        parser.Reset();
        for (int position = 0; position < block.Length;)
        {
            int end = EndOfRun(block, position, out bool isDense);
            if (isDense)
                StoredBlocks.Write(ref writer, block[position..end]);
            else
                Compress(ref writer, block, position, end);
            position = end;
        }
        if (writer.BitLength % 8 != 0)
            StoredBlocks.Write(ref writer, default);
        return writer.Length;
    }

    private static int EndOfRun(ReadOnlySpan<byte> block, int position, out bool isDense)
    {
        isDense = IsDense(block, position);
        do
            position = Math.Min(position + DenseSegment, block.Length);
        while (position < block.Length && IsDense(block, position) == isDense);
        return position;
    }

    private static bool IsDense(ReadOnlySpan<byte> block, int position) => DenseContent.Is(block.Slice(position, Math.Min(DenseSegment, block.Length - position)));

    private void Compress(ref BitWriter writer, ReadOnlySpan<byte> block, int position, int end)
    {
        while (position < end)
        {
            int next = parser.Parse(block, position, Math.Min(position + RegionLength, end), end, _tokens);
            ReadOnlySpan<Token> tokens = _tokens.Tokens;
            foreach (BlockSplitter.Segment segment in splitter.Split(tokens))
            {
                int blockEnd = position + segment.Length;
                if (improvements == 0)
                    _writer.Write(ref writer, tokens[..segment.Tokens], segment.Counts, block[position..blockEnd]);
                else
                    WriteImproved(ref writer, block, position, blockEnd, segment.Counts);
                tokens = tokens[segment.Tokens..];
                position = blockEnd;
            }
        }
    }

    private void WriteImproved(ref BitWriter writer, ReadOnlySpan<byte> block, int position, int end, SymbolCounts counts)
    {
        for (int i = 0; i < improvements; i++)
        {
            parser.Improve(block, position, end, counts, _improved);
            counts = _counts;
            counts.Count(_improved.Tokens);
        }
        _writer.Write(ref writer, _improved.Tokens, counts, block[position..end]);
    }
}
