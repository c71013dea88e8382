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
        ref Token output = ref tokens.Begin();
        int last = Math.Min(softEnd, end - Margin);
        while (position < last)
        {
            Match match = Find(ref start, position, end, MinMatch - 1, depth);
            if (match.Length == 0)
            {
                output = ref Put(ref output, Token.Literal(Bytes.At(ref start, position)));
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
                output = ref PutLiterals(ref output, ref start, position, position + ahead);
                position += ahead;
                match = later;
                ahead = 1;
            }
            int remembered = position + ahead;
            if (match.Length < MaxMatch)
            {
                output = ref Put(ref output, Token.Match(match.Length, match.Distance));
                position += match.Length;
            }
            else
            {
                output = ref PutStretch(ref output, block, position, match.Distance, softEnd, out int stretchEnd);
                position = stretchEnd;
                // The end of a long stretch will do: what is remembered of it would push everything else out.
                remembered = Math.Max(remembered, position - MaxMatch);
            }
            _finder.Insert(ref Bytes.At(ref start, remembered), remembered + Origin, Math.Min(position, end - Margin) - remembered);
        }
        if (softEnd == end)
        {
            output = ref PutLiterals(ref output, ref start, position, end);
            position = end;
        }
        tokens.End(ref output);
        return position;
    }

    private Match Find(ref byte start, int position, int end, int known, int candidates) =>
        _finder.Find(ref Bytes.At(ref start, position), position + Origin, known, Math.Min(MaxMatch, end - position), enough, candidates);
}
