using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Ipdr.Oci.Compression.Deflate.DeflateFormat;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>For speed, with a closer look: takes the longer of the matches at the last two places with the same four bytes.</summary>
/// <param name="enough">A shorter match gives way to a longer one that begins a byte later, and so on.</param>
internal sealed class PairParser(int enough) : BatchParser
{
    private readonly LastTwoOccurrences _occurrences = new();

    public override void Reset() => _occurrences.Clear();

    protected override ref Token ParseBatch(ref Token output, ReadOnlySpan<byte> block, scoped ref int position, int batchEnd, int softEnd, int end)
    {
        LastTwoOccurrences.Batch batch = _occurrences.Find(ref MemoryMarshal.GetReference(block), position, batchEnd - position);
        return ref Choose(ref output, batch, block, ref position, batchEnd, softEnd, end);
    }

    private ref Token Choose(ref Token output, LastTwoOccurrences.Batch batch, ReadOnlySpan<byte> block, scoped ref int position, int batchEnd, int softEnd, int end)
    {
        ref byte start = ref Bytes.At(ref MemoryMarshal.GetReference(block), position);
        nint count = batchEnd - position, left = end - position, anchor = 0;
        while (anchor < count)
        {
            ulong usable = batch.From(anchor);
            if (usable == 0)
            {
                nint to = Math.Min(anchor + UsableDistances.Visible, count);
                output = ref PutManyLiterals(ref output, ref start, anchor, to);
                anchor = to;
                continue;
            }
            nint at = anchor + BitOperations.TrailingZeroCount(usable);
            Match match = Longer(batch, ref start, at, new Match(MinMatch, 0), (int)Math.Min(MaxMatch, left - at));
            if (match.Length == MinMatch)
            {
                output = ref PutManyLiterals(ref output, ref start, anchor, at + 1);
                anchor = at + 1;
                continue;
            }
            while (match.Length < enough && match.Length < left - at - 1)
            {
                Match later = Longer(batch, ref start, at + 1, match, (int)Math.Min(MaxMatch, left - at - 1));
                if (later.Length == match.Length)
                    break;
                match = later;
                at++;
            }
            output = ref PutManyLiterals(ref output, ref start, anchor, at);
            if (match.Length == MaxMatch)
            {
                output = ref PutStretch(ref output, block, position + (int)at, match.Distance, softEnd, out int stretchEnd);
                anchor = stretchEnd - position;
            }
            else
            {
                output = ref Put(ref output, Token.Match(match.Length, match.Distance));
                anchor = at + match.Length;
            }
        }
        position += (int)anchor;
        return ref output;
    }

    // The longest match that is longer than the one that is known, whose length is less than max; else that one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Match Longer(LastTwoOccurrences.Batch batch, ref byte start, nint at, Match known, int max)
    {
        ref byte here = ref Bytes.At(ref start, at);
        nint newer = (nint)batch.NewerOf(at), older = (nint)batch.OlderOf(at);
        if (IsPromising(ref here, newer, known.Length) && Bytes.CommonLength(ref Unsafe.Subtract(ref here, newer), ref here, max) is var newerLength && newerLength > known.Length)
            known = new Match(newerLength, (int)newer);
        if (known.Length < max && IsPromising(ref here, older, known.Length) && Bytes.CommonLength(ref Unsafe.Subtract(ref here, older), ref here, max) is var olderLength && olderLength > known.Length)
            known = new Match(olderLength, (int)older);
        return known;
    }

    // Whether the distance is of use, and the last four bytes of a match that would be longer are the same.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPromising(ref byte here, nint distance, nint known) =>
        (nuint)distance - 1 < MaxDistance && Bytes.Read32(ref here, known - MinMatch - distance) == Bytes.Read32(ref here, known - MinMatch);
}
