using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Ipdr.Oci.Compression.Deflate.DeflateFormat;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Of all ways to put a region together from its matches and literals, takes the cheapest by the prices of symbols.</summary>
/// <remarks>
/// Prices follow from how often symbols occur, which follows from the choice. The first choice is made for a whole region with prices that
/// prefer no length and no distance; once the region is divided, choosing and counting take turns for each DEFLATE block.
/// </remarks>
/// <param name="depth">How many candidates are looked at for a position.</param>
/// <param name="enough">A match that is as long is taken at once.</param>
internal sealed class OptimalParser(int depth, int enough) : Parser
{
    private readonly TreeFinder _finder = new();
    private readonly SymbolPrices _prices = new();
    private readonly SymbolCounts _counts = new();

    // Where each position's matches begin, by distance from the region's start; one more for the end of the last.
    private readonly int[] _firstMatch = new int[DeflateEncoder.RegionLength + 1];
    private Match[] _matches = new Match[4 * DeflateEncoder.RegionLength];

    // What the rest of the stretch costs from each position on, and how it begins: a match, or none for a literal.
    private readonly int[] _costs = new int[DeflateEncoder.RegionLength + 1];
    private readonly Match[] _choices = new Match[DeflateEncoder.RegionLength];
    private int _regionStart;

    public override void Reset() => _finder.Reset();

    public override int Parse(ReadOnlySpan<byte> block, int position, int softEnd, int end, TokenBuffer tokens)
    {
        FindMatches(block, position, softEnd);
        _prices.SetFirst(block[position..softEnd]);
        ChooseCheapest(block[position..softEnd], 0);
        Emit(block, position, softEnd, tokens);
        _counts.Count(tokens.Tokens);
        Improve(block, position, softEnd, _counts, tokens);
        return softEnd;
    }

    public override void Improve(ReadOnlySpan<byte> block, int position, int end, SymbolCounts counts, TokenBuffer tokens)
    {
        _prices.Set(counts);
        ChooseCheapest(block[position..end], position - _regionStart);
        Emit(block, position, end, tokens);
    }

    private void FindMatches(ReadOnlySpan<byte> block, int position, int end)
    {
        _regionStart = position;
        int found = 0, at = position;
        while (at <= end - sizeof(uint))
        {
            _firstMatch[at - position] = found;
            found += Find(block, at, end, found);
            Match longest = found == _firstMatch[at - position] ? default : _matches[found - 1];
            if (longest.Length < enough)
                at++;
            else
                at = PassStretch(block, at, end, longest, ref found);
        }
        _firstMatch.AsSpan((at - position)..(end - position + 1)).Fill(found);
    }

    // Nothing better can begin inside a match that is long enough, so only the end of it is remembered; where one match of the
    // greatest length follows the other, the matches between are noted without a search.
    private int PassStretch(ReadOnlySpan<byte> block, int position, int end, Match match, ref int found)
    {
        int stretch = match.Length < MaxMatch ? match.Length : block[position..end].CommonPrefixLength(block[(position - match.Distance)..]);
        int next = position + stretch;
        Span<int> firstMatch = _firstMatch.AsSpan(position - _regionStart);
        for (int i = 1; i < stretch; i++)
        {
            firstMatch[i] = found;
            if (i % MaxMatch == 0 && stretch - i >= MinMatch)
                _matches[found++] = new Match(Math.Min(stretch - i, MaxMatch), match.Distance);
        }
        for (int at = Math.Max(position + 1, next - MaxMatch); at < next && at <= end - sizeof(uint); at++)
            Find(block, at, end, found);
        return next;
    }

    private int Find(ReadOnlySpan<byte> block, int position, int end, int found)
    {
        // Room for what is found here and for the longest stretch that may follow.
        if (found + MaxMatch + (DeflateEncoder.RegionLength / MaxMatch) > _matches.Length)
            Array.Resize(ref _matches, 2 * _matches.Length);
        int compared = Math.Min(enough, block.Length - position);
        int max = Math.Min(MaxMatch, end - position);
        return _finder.Find(ref Bytes.At(ref MemoryMarshal.GetReference(block), position), position + Origin, compared, max, depth, ref _matches[found]);
    }

    private void ChooseCheapest(ReadOnlySpan<byte> content, int offset)
    {
        ref int costs = ref _costs[offset];
        ref int literals = ref MemoryMarshal.GetReference(_prices.Literals);
        ref int lengths = ref MemoryMarshal.GetReference(_prices.Lengths);
        Unsafe.Add(ref costs, content.Length) = 0;
        for (int i = content.Length - 1; i >= 0; i--)
        {
            int best = Unsafe.Add(ref costs, i + 1) + Unsafe.Add(ref literals, (nint)content[i]);
            Match choice = default;
            int shortest = MinMatch;
            foreach (Match match in _matches.AsSpan(_firstMatch[offset + i].._firstMatch[offset + i + 1]))
            {
                int longest = Math.Min(match.Length, content.Length - i);
                int distance = _prices.Distances[match.DistanceSymbol];
                if (match.Length >= enough)
                    shortest = Math.Max(shortest, longest);
                for (int length = shortest; length <= longest; length++)
                {
                    int cost = distance + Unsafe.Add(ref lengths, length) + Unsafe.Add(ref costs, i + length);
                    if (cost >= best)
                        continue;
                    best = cost;
                    choice = new Match(length, match.Distance);
                }
                shortest = longest + 1;
            }
            Unsafe.Add(ref costs, i) = best;
            _choices[offset + i] = choice;
        }
    }

    private void Emit(ReadOnlySpan<byte> block, int position, int end, TokenBuffer tokens)
    {
        ref Token output = ref tokens.Begin();
        while (position < end)
        {
            Match choice = _choices[position - _regionStart];
            output = ref Put(ref output, choice.Length == 0 ? Token.Literal(block[position]) : Token.Match(choice.Length, choice.Distance));
            position += Math.Max(choice.Length, 1);
        }
        tokens.End(ref output);
    }
}
