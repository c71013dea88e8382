using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Ipdr.Oci.Compression.Deflate.DeflateFormat;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Takes a match with the last position that has the same hash, if it is one: for speed.</summary>
internal sealed class FastParser : Parser
{
    private const int HashBits = 15;

    private readonly ushort[] _positions = new ushort[1 << HashBits];

    public override void Reset() => _positions.AsSpan().Clear();

    public override int Parse(ReadOnlySpan<byte> block, int position, int softEnd, int end, TokenBuffer tokens)
    {
        ref byte start = ref MemoryMarshal.GetReference(block);
        ref ushort positions = ref MemoryMarshal.GetArrayDataReference(_positions);
        TokenWriter writer = new(tokens);
        int last = Math.Min(softEnd, end - Margin);
        while (position < last)
        {
            uint word = Bytes.Read32(ref start, position);
            ref ushort entry = ref Unsafe.Add(ref positions, Hash(word));
            int distance = (short)(position + Origin - entry);
            entry = (ushort)(position + Origin);
            if (distance <= 0 || Bytes.Read32(ref start, position - distance) != word)
            {
                writer.Add(Token.Literal((byte)word));
                position++;
                continue;
            }
            int length = Bytes.CommonLength(ref Bytes.At(ref start, position - distance), ref Bytes.At(ref start, position), Math.Min(MaxMatch, end - position));
            int next = position + length;
            if (length == MaxMatch)
                next = AddStretch(block, position, distance, softEnd, ref writer);
            else
                writer.Add(Token.Match(length, distance));
            int inserted = Math.Max(position + 1, next - MaxMatch);
            for (int to = Math.Min(next, end - Margin); inserted < to; inserted += 2)
                Unsafe.Add(ref positions, Hash(Bytes.Read32(ref start, inserted))) = (ushort)(inserted + Origin);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Hash(uint word) => (nint)((word * HashFactor) >> (32 - HashBits));
}
