namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Decides where one DEFLATE block ends and the next begins: where the statistics of the tokens change.</summary>
/// <remarks>
/// Tokens are cut into segments of equal number. Of all neighbours the two that gain most by sharing a code are joined, again and again,
/// until none gain: two codes are better than one where they save more than a header.
/// </remarks>
/// <param name="segmentTokens">Tokens of a segment, at least <see cref="MinSegmentTokens"/>.</param>
internal sealed class BlockSplitter(int segmentTokens)
{
    /// <summary>With fewer, statistics say little, and headers would take more than they are worth.</summary>
    public const int MinSegmentTokens = 512;

    private readonly List<Segment> _segments = [];
    private readonly Stack<Segment> _unused = [];

    /// <summary>A stretch of tokens that becomes a block.</summary>
    public sealed class Segment
    {
        /// <summary>How many tokens.</summary>
        public int Tokens { get; set; }

        /// <summary>How many bytes they stand for.</summary>
        public int Length { get; set; }

        /// <summary>What occurs in them.</summary>
        public SymbolCounts Counts { get; } = new();

        /// <summary>What a block of its own would take.</summary>
        public long Cost { get; set; }

        /// <summary>What one block for this segment and the next would take.</summary>
        public long JoinedCost { get; set; }
    }

    /// <summary>Divides tokens; what it returned before is used again.</summary>
    public IReadOnlyList<Segment> Split(ReadOnlySpan<Token> tokens)
    {
        foreach (Segment segment in _segments)
            _unused.Push(segment);
        _segments.Clear();
        for (; !tokens.IsEmpty; tokens = tokens[Math.Min(segmentTokens, tokens.Length)..])
            Append(tokens[..Math.Min(segmentTokens, tokens.Length)]);
        for (int i = 0; i + 1 < _segments.Count; i++)
            Compare(i);
        while (BestJoin() is >= 0 and int best)
            Join(best);
        return _segments;
    }

    private void Append(ReadOnlySpan<Token> tokens)
    {
        Segment segment = _unused.TryPop(out Segment? unused) ? unused : new Segment();
        segment.Tokens = tokens.Length;
        segment.Length = segment.Counts.Count(tokens);
        segment.Cost = segment.Counts.Cost();
        _segments.Add(segment);
    }

    private void Compare(int index) => _segments[index].JoinedCost = _segments[index].Counts.CostWith(_segments[index + 1].Counts);

    // Of joins that gain the same the first; -1 where none gains.
    private int BestJoin()
    {
        int best = -1;
        long bestGain = 0;
        for (int i = 0; i + 1 < _segments.Count; i++)
        {
            long gain = _segments[i].Cost + _segments[i + 1].Cost - _segments[i].JoinedCost;
            if (gain > bestGain)
                (best, bestGain) = (i, gain);
        }
        return best;
    }

    private void Join(int index)
    {
        Segment segment = _segments[index], next = _segments[index + 1];
        segment.Tokens += next.Tokens;
        segment.Length += next.Length;
        segment.Cost = segment.JoinedCost;
        segment.Counts.Add(next.Counts);
        _segments.RemoveAt(index + 1);
        _unused.Push(next);
        if (index + 1 < _segments.Count)
            Compare(index);
        if (index > 0)
            Compare(index - 1);
    }
}
