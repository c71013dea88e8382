using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static Ipdr.Oci.Compression.Deflate.DeflateFormat;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>For speed: takes the last place with the same four bytes for each position.</summary>
/// <remarks>The positions of a batch are searched before any is decided on, so literals are passed over by counting bits instead of asking at each.</remarks>
/// <param name="enough">A shorter match gives way to a longer one that begins a byte later; 0 to take each as it comes.</param>
internal sealed class FastParser(int enough) : Parser
{
    private readonly LastOccurrences _last = new();

    public override void Reset() => _last.Clear();

    public override int Parse(ReadOnlySpan<byte> block, int position, int softEnd, int end, TokenBuffer tokens)
    {
        ref byte start = ref MemoryMarshal.GetReference(block);
        ref Token output = ref tokens.Begin();
        int last = Math.Min(softEnd, end - Margin);
        while (position < last)
        {
            int batchEnd = Math.Min(position + LastOccurrences.MaxBatch, last);
            _last.Find(ref start, position, batchEnd - position);
            output = ref Choose(ref output, block, ref position, batchEnd, softEnd, end);
        }
        if (softEnd == end)
        {
            output = ref PutLiterals(ref output, ref start, position, end);
            position = end;
        }
        tokens.End(ref output);
        return position;
    }

    // From a position to the end of its batch or of the last match.
    private ref Token Choose(ref Token output, ReadOnlySpan<byte> block, scoped ref int position, int batchEnd, int softEnd, int end)
    {
        ref byte start = ref MemoryMarshal.GetReference(block);
        LastOccurrences occurrences = _last;
        int batch = position, anchor = position;
        while (anchor < batchEnd)
        {
            ulong usable = occurrences.From(anchor - batch);
            int at = usable != 0 ? anchor + Bytes.TrailingZeroCount(usable) : Math.Min(anchor + LastOccurrences.Visible, batchEnd);
            if (usable == 0)
            {
                output = ref PutManyLiterals(ref output, ref start, anchor, at);
                anchor = at;
                continue;
            }
            int distance = (int)occurrences.DistanceOf(at - batch);
            int length = Bytes.CommonLength(ref Bytes.At(ref start, at - distance), ref Bytes.At(ref start, at), Math.Min(MaxMatch, end - at));
            if (length < MinMatch)
            {
                output = ref PutManyLiterals(ref output, ref start, anchor, at + 1);
                anchor = at + 1;
                continue;
            }
            int max = Math.Min(MaxMatch, end - at - 1);
            if (length < enough && length < max)
            {
                uint laterDistance = occurrences.DistanceOf(at + 1 - batch);
                ref byte later = ref Bytes.At(ref start, at + 1);
                if (laterDistance - 1 < MaxDistance && Bytes.Read32(ref later, length - MinMatch - (nint)laterDistance) == Bytes.Read32(ref later, length - MinMatch)
                    && Bytes.CommonLength(ref Unsafe.Subtract(ref later, (nint)laterDistance), ref later, max) is var laterLength && laterLength > length)
                {
                    (length, distance) = (laterLength, (int)laterDistance);
                    at++;
                }
            }
            output = ref PutManyLiterals(ref output, ref start, anchor, at);
            if (length == MaxMatch)
                output = ref PutStretch(ref output, block, at, distance, softEnd, out anchor);
            else
            {
                output = ref Put(ref output, Token.Match(length, distance));
                anchor = at + length;
            }
        }
        position = anchor;
        return ref output;
    }

    // As PutLiterals, eight at a time: up to seven more are written, or eight if there are none, which what follows overwrites.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref Token PutManyLiterals(ref Token at, ref byte start, nint position, nint end)
    {
        Vector128<uint> noDistance = Vector128.Create(Token.LiteralBits);
        ref byte bytes = ref Bytes.At(ref start, position);
        nint count = end - position, i = 0;
        do
        {
            Vector128<ushort> eight = Vector128.WidenLower(Vector128.CreateScalarUnsafe(Bytes.Read64(ref bytes, i)).AsByte());
            ref uint tokens = ref Unsafe.As<Token, uint>(ref Unsafe.Add(ref at, i));
            (Vector128.WidenLower(eight) | noDistance).StoreUnsafe(ref tokens);
            (Vector128.WidenUpper(eight) | noDistance).StoreUnsafe(ref tokens, 4);
            i += 8;
        }
        while (i < count);
        return ref Unsafe.Add(ref at, count);
    }
}
