namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Compresses blocks to DEFLATE that ends on a byte's border and is not marked as the last, so that blocks can be joined. For one thread at a time.</summary>
/// <remarks>
/// A block is cut into segments of 64 KiB. Segments that <see cref="DenseContent"/> recognises are stored; what lies between them is parsed
/// region by region, and the tokens of a region become one or more DEFLATE blocks, cut where their statistics change.
/// The output depends on the block alone.
/// </remarks>
internal sealed class DeflateEncoder(Parser parser, int segmentTokens)
{
    private const int DenseSegment = 64 << 10;
    private const int RegionLength = 256 << 10;

    private readonly TokenBuffer _tokens = new(RegionLength);
    private readonly BlockWriter _writer = new();
    private SymbolCounts _block = new();
    private SymbolCounts _segment = new();

    /// <summary>The most a block of this length can become, in bytes, with room for the writer to store whole words.</summary>
    public static int MaxEncodedLength(int length) => length + (length / 512) + 64;

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
            WriteRegion(ref writer, block[position..next]);
            position = next;
        }
    }

    // Segments join the DEFLATE block before them as long as two headers cost more than one code for all.
    private void WriteRegion(ref BitWriter writer, ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<Token> tokens = _tokens.Tokens;
        int blockTokens = 0, blockLength = 0;
        long blockCost = 0;
        while (blockTokens < tokens.Length)
        {
            int count = Math.Min(segmentTokens, tokens.Length - blockTokens);
            int length = _segment.Count(tokens.Slice(blockTokens, count));
            long segmentCost = _segment.Cost();
            long joined = _block.CostWith(_segment);
            if (blockTokens > 0 && joined > blockCost + segmentCost)
            {
                _writer.Write(ref writer, tokens[..blockTokens], _block, content[..blockLength]);
                tokens = tokens[blockTokens..];
                content = content[blockLength..];
                (blockTokens, blockLength) = (0, 0);
            }
            if (blockTokens == 0)
            {
                (_block, _segment) = (_segment, _block);
                blockCost = segmentCost;
            }
            else
            {
                _block.Add(_segment);
                blockCost = joined;
            }
            blockTokens += count;
            blockLength += length;
        }
        _writer.Write(ref writer, tokens, _block, content);
    }
}
