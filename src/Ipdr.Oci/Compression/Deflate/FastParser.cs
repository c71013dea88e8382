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
        while (position < last)
        {
            uint word = Bytes.Read32(ref start, position);
            int distance = Replace(ref positions, word, position);
            if (distance <= 0 || Bytes.Read32(ref start, position - distance) != word)
            {
                output = ref Put(ref output, Token.Literal((byte)word));
                position++;
                if (position - anchor >= MinBarren && position < last)
                {
                    int to = Skip(position, position - anchor, last);
                    output = ref PutLiterals(ref output, ref start, position, to);
                    position = to;
                }
                continue;
            }
            int length = Bytes.CommonLength(ref Bytes.At(ref start, position - distance), ref Bytes.At(ref start, position), Math.Min(MaxMatch, end - position));
            int max = Math.Min(MaxMatch, end - position - 1);
            if (length < enough && length < max)
            {
                ref byte later = ref Bytes.At(ref start, position + 1);
                int laterDistance = Replace(ref positions, Bytes.Read32(ref later, 0), position + 1);
                if (laterDistance > 0 && Bytes.Read32(ref later, length - MinMatch - laterDistance) == Bytes.Read32(ref later, length - MinMatch)
                    && Bytes.CommonLength(ref Unsafe.Subtract(ref later, laterDistance), ref later, max) is var laterLength && laterLength > length)
                {
                    output = ref Put(ref output, Token.Literal((byte)word));
                    position++;
                    (length, distance) = (laterLength, laterDistance);
                }
            }
            if (length == MaxMatch)
            {
                output = ref PutStretch(ref output, block, position, distance, softEnd, out int stretchEnd);
                anchor = position = stretchEnd;
                continue;
            }
            output = ref Put(ref output, Token.Match(length, distance));
            int next = position + length;
            if (next < last)
            {
                // Always five: a loop over all positions would end where nobody can predict, and wins little.
                Remember(ref positions, ref start, position + 1);
                Remember(ref positions, ref start, position + 2);
                Remember(ref positions, ref start, position + 3);
                Remember(ref positions, ref start, next - 2);
                Remember(ref positions, ref start, next - 1);
            }
            anchor = position = next;
        }
        if (softEnd == end)
        {
            output = ref PutLiterals(ref output, ref start, position, end);
            position = end;
        }
        tokens.End(ref output);
        return position;
    }

    // Remembers a position; says how far back the one with the same hash is, if it is positive.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Replace(ref ushort positions, uint word, int position)
    {
        ref ushort entry = ref EntryOf(ref positions, word);
        int distance = (short)(position + Origin - entry);
        entry = (ushort)(position + Origin);
        return distance;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Remember(ref ushort positions, ref byte start, int position) => EntryOf(ref positions, Bytes.Read32(ref start, position)) = (ushort)(position + Origin);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ushort EntryOf(ref ushort positions, uint word) => ref Unsafe.Add(ref positions, (nint)((word * HashFactor) >> (32 - HashBits)));
}
