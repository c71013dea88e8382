using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Ipdr.Oci.Compression.Deflate.DeflateFormat;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>For speed: looks at one candidate for a position, the last one with the same hash.</summary>
/// <param name="enough">A shorter match gives way to a longer one that begins a byte later; 0 to take each as it comes.</param>
internal sealed class FastParser(int enough) : Parser
{
    private const int HashBits = 16;

    private readonly ushort[] _positions = new ushort[1 << HashBits];

    public override void Reset() => _positions.AsSpan().Clear();

    public override int Parse(ReadOnlySpan<byte> block, int position, int softEnd, int end, TokenBuffer tokens)
    {
        ref byte start = ref MemoryMarshal.GetReference(block);
        ref Token output = ref tokens.Begin();
        ref ushort positions = ref MemoryMarshal.GetArrayDataReference(_positions);
        int last = Math.Min(softEnd, end - Margin);
        int anchor = position;
        uint word = 0;
        int distance = 0;
        ref ushort entry = ref positions;
        if (position < last)
            entry = ref Look(ref positions, ref start, position, out word, out distance);
        while (position < last)
        {
            entry = (ushort)(position + Origin);
            // Asked before it is known whether the answer is needed: where the processor guesses wrong what comes, it does not wait for that too.
            ref ushort nextEntry = ref Look(ref positions, ref start, position + 1, out uint nextWord, out int nextDistance);
            if (distance <= 0 || Bytes.Read32(ref start, position - distance) != word)
            {
                output = ref Put(ref output, Token.Literal((byte)word));
                position++;
                if (position - anchor < MinBarren)
                {
                    entry = ref nextEntry;
                    (word, distance) = (nextWord, nextDistance);
                    continue;
                }
                int to = Skip(position, position - anchor, last);
                output = ref PutLiterals(ref output, ref start, position, to);
                position = to;
            }
            else
            {
                int length = Bytes.CommonLength(ref Bytes.At(ref start, position - distance), ref Bytes.At(ref start, position), Math.Min(MaxMatch, end - position));
                int max = Math.Min(MaxMatch, end - position - 1);
                if (length < enough && length < max)
                {
                    ref byte later = ref Bytes.At(ref start, position + 1);
                    nextEntry = (ushort)(position + 1 + Origin);
                    if (nextDistance > 0 && Bytes.Read32(ref later, length - MinMatch - nextDistance) == Bytes.Read32(ref later, length - MinMatch)
                        && Bytes.CommonLength(ref Unsafe.Subtract(ref later, nextDistance), ref later, max) is var laterLength && laterLength > length)
                    {
                        output = ref Put(ref output, Token.Literal((byte)word));
                        position++;
                        (length, distance) = (laterLength, nextDistance);
                    }
                }
                if (length == MaxMatch)
                {
                    output = ref PutStretch(ref output, block, position, distance, softEnd, out int stretchEnd);
                    position = stretchEnd;
                }
                else
                {
                    output = ref Put(ref output, Token.Match(length, distance));
                    int next = position + length;
                    if (next < last)
                    {
                        // Always nine: a loop over all positions would end where nobody can predict, and wins little.
                        // Never the next one, which would then find itself; and none before the block, for a match has four bytes and something before it.
                        Remember(ref positions, ref start, position + 1);
                        Remember(ref positions, ref start, position + 2);
                        Remember(ref positions, ref start, position + 3);
                        Remember(ref positions, ref start, position + Math.Min(length - 1, 4));
                        Remember(ref positions, ref start, next - 5);
                        Remember(ref positions, ref start, next - 4);
                        Remember(ref positions, ref start, next - 3);
                        Remember(ref positions, ref start, next - 2);
                        Remember(ref positions, ref start, next - 1);
                    }
                    position = next;
                }
                anchor = position;
            }
            if (position < last)
                entry = ref Look(ref positions, ref start, position, out word, out distance);
        }
        if (softEnd == end)
        {
            output = ref PutLiterals(ref output, ref start, position, end);
            position = end;
        }
        tokens.End(ref output);
        return position;
    }

    // The word at a position and its entry, and how far back the last one with the same hash is, if that is positive.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ushort Look(ref ushort positions, ref byte start, int position, out uint word, out int distance)
    {
        word = Bytes.Read32(ref start, position);
        ref ushort entry = ref EntryOf(ref positions, word);
        distance = (short)(position + Origin - entry);
        return ref entry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Remember(ref ushort positions, ref byte start, int position) => EntryOf(ref positions, Bytes.Read32(ref start, position)) = (ushort)(position + Origin);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ushort EntryOf(ref ushort positions, uint word) => ref Unsafe.Add(ref positions, (nint)((word * HashFactor) >> (32 - HashBits)));
}
