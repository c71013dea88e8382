using System.Runtime.InteropServices;
using static Ipdr.Oci.Compression.Deflate.DeflateFormat;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Takes the longest match at each position, unless the next one or two have a better one.</summary>
/// <param name="depth">How many candidates are looked at, 1 to 16.</param>
/// <param name="enough">A match that is as long is taken at once.</param>
/// <param name="lookahead">How many bytes further a better match is looked for, 0 to 2.</param>
internal sealed class LazyParser(int depth, int enough, int lookahead) : Parser
{
    private readonly RowFinder _finder = new();

    public override void Reset() => _finder.Reset();

    public override int Parse(ReadOnlySpan<byte> block, int position, int softEnd, int end, TokenBuffer tokens)
    {
        ref byte start = ref MemoryMarshal.GetReference(block);
        TokenWriter writer = new(tokens);
        int last = Math.Min(softEnd, end - Margin);
        while (position < last)
        {
            Match match = Find(ref start, position, end, MinMatch - 1, depth);
            if (match.Length == 0)
            {
                writer.Add(Token.Literal(Bytes.At(ref start, position)));
                position++;
                continue;
            }
            int ahead = 1;
            while (ahead <= lookahead && match.Length < enough && position + ahead < last)
            {
                Match later = Find(ref start, position + ahead, end, match.Length - 1, depth >> ahead);
                if (later.Length < match.Length || !later.IsBetterThan(match, ahead))
                {
                    ahead++;
                    continue;
                }
                AddLiterals(ref start, position, position + ahead, ref writer);
                position += ahead;
                match = later;
                ahead = 1;
            }
            int next = AddMatch(block, position, match, softEnd, ref writer);
            // Of a long stretch the end will do: what is remembered of it would push everything else out.
            int first = Math.Max(position + ahead, next - MaxMatch);
            _finder.Insert(ref Bytes.At(ref start, first), first + Origin, Math.Min(next, end - Margin) - first);
            position = next;
        }
        if (softEnd == end)
        {
            AddLiterals(ref start, position, end, ref writer);
            position = end;
        }
        writer.Finish();
        return position;
    }

    private Match Find(ref byte start, int position, int end, int known, int candidates) =>
        _finder.Find(ref Bytes.At(ref start, position), position + Origin, known, Math.Min(MaxMatch, end - position), enough, candidates);

    private static int AddMatch(ReadOnlySpan<byte> block, int position, Match match, int softEnd, ref TokenWriter writer)
    {
        if (match.Length == MaxMatch)
            return AddStretch(block, position, match.Distance, softEnd, ref writer);
        writer.Add(Token.Match(match.Length, match.Distance));
        return position + match.Length;
    }
}
