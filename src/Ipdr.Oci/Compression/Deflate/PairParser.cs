using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Ipdr.Oci.Compression.Deflate.DeflateFormat;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>For speed: looks at two candidates for a position, the last two with the same hash.</summary>
/// <param name="enough">A shorter match gives way to a longer one that begins a byte later.</param>
internal sealed class PairParser(int enough) : Parser
{
    private const int HashBits = 15;
    private const int PositionBits = 16;

    // So many literals in a row, and positions are skipped: there is little to find.
    private const int MinBarren = 128;
    private const int MaxSkip = 3;

    // The newer position below the older one.
    private readonly uint[] _positions = new uint[1 << HashBits];

    public override void Reset() => _positions.AsSpan().Clear();

    public override int Parse(ReadOnlySpan<byte> block, int position, int softEnd, int end, TokenBuffer tokens)
    {
        ref byte start = ref MemoryMarshal.GetReference(block);
        ref Token output = ref tokens.Begin();
        int last = Math.Min(softEnd, end - Margin);
        int anchor = position;
        while (position < last)
        {
            Match match = Find(ref Bytes.At(ref start, position), position, MinMatch, Math.Min(MaxMatch, end - position));
            if (match.Length == 0)
            {
                output = ref Put(ref output, Token.Literal(Bytes.At(ref start, position)));
                position++;
                if (position - anchor >= MinBarren && position < last)
                {
                    int to = Skip(position, position - anchor, last);
                    output = ref PutLiterals(ref output, ref start, position, to);
                    position = to;
                }
                continue;
            }
            int max = Math.Min(MaxMatch, end - position - 1);
            if (match.Length < enough && match.Length < max)
            {
                Match later = Find(ref Bytes.At(ref start, position + 1), position + 1, match.Length, max);
                if (later.Length != 0)
                {
                    output = ref Put(ref output, Token.Literal(Bytes.At(ref start, position)));
                    position++;
                    match = later;
                }
            }
            if (match.Length == MaxMatch)
            {
                output = ref PutStretch(ref output, block, position, match.Distance, softEnd, out int stretchEnd);
                anchor = position = stretchEnd;
                continue;
            }
            output = ref Put(ref output, Token.Match(match.Length, match.Distance));
            int next = position + match.Length;
            if (next < last)
            {
                // Always four: a loop over all positions would end where nobody can predict, and wins little.
                Remember(ref start, position + 1);
                Remember(ref start, position + 2);
                Remember(ref start, next - 2);
                Remember(ref start, next - 1);
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

    // Where to go on after so many literals in a row.
    private static int Skip(int position, int barren, int last) => Math.Min(position + Math.Min(barren / MinBarren, MaxSkip), last);

    // A match that is longer than known, which is less than max; and remembers the position.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Match Find(ref byte current, int position, int known, int max)
    {
        ref uint entry = ref EntryOf(Bytes.Read32(ref current, 0));
        int newer = (short)(position + Origin - (int)entry), older = (short)(position + Origin - (int)(entry >> PositionBits));
        entry = (entry << PositionBits) | (ushort)(position + Origin);
        uint tail = Bytes.Read32(ref current, known - MinMatch);
        Match found = default;
        if (newer > 0 && Bytes.Read32(ref current, known - MinMatch - newer) == tail)
        {
            int length = Bytes.CommonLength(ref Unsafe.Subtract(ref current, newer), ref current, max);
            if (length > known)
                (known, found) = (length, new Match(length, newer));
        }
        if (older > 0 && known < max && Bytes.Read32(ref current, known - MinMatch - older) == Bytes.Read32(ref current, known - MinMatch))
        {
            int length = Bytes.CommonLength(ref Unsafe.Subtract(ref current, older), ref current, max);
            if (length > known)
                found = new Match(length, older);
        }
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Remember(ref byte start, int position)
    {
        ref uint entry = ref EntryOf(Bytes.Read32(ref start, position));
        entry = (entry << PositionBits) | (ushort)(position + Origin);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref uint EntryOf(uint word) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_positions), (nint)((word * HashFactor) >> (32 - HashBits)));
}
