using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Ipdr.Oci.Compression.Deflate.DeflateFormat;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>For speed: takes the last place with the same four bytes for each position.</summary>
/// <param name="enough">A shorter match gives way to a longer one that begins a byte later; 0 to take each as it comes.</param>
internal sealed class FastParser(int enough) : BatchParser
{
    private readonly LastOccurrences _occurrences = new();

    public override void Reset() => _occurrences.Clear();

    protected override ref Token ParseBatch(ref Token output, ReadOnlySpan<byte> block, scoped ref int position, int batchEnd, int softEnd, int end)
    {
        LastOccurrences.Batch batch = _occurrences.Find(ref MemoryMarshal.GetReference(block), position, batchEnd - position);
        return ref Choose(ref output, batch, block, ref position, batchEnd, softEnd, end);
    }

    private ref Token Choose(ref Token output, LastOccurrences.Batch batch, ReadOnlySpan<byte> block, scoped ref int position, int batchEnd, int softEnd, int end)
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
            nint distance = (nint)batch.DistanceOf(at);
            ref byte here = ref Bytes.At(ref start, at);
            int length = Bytes.CommonLength(ref Unsafe.Subtract(ref here, distance), ref here, (int)Math.Min(MaxMatch, left - at));
            if (length < MinMatch)
            {
                output = ref PutManyLiterals(ref output, ref start, anchor, at + 1);
                anchor = at + 1;
                continue;
            }
            if (length < enough)
            {
                nint laterDistance = (nint)batch.DistanceOf(at + 1);
                int max = (int)Math.Min(MaxMatch, left - at - 1);
                ref byte later = ref Unsafe.Add(ref here, 1);
                if ((nuint)laterDistance - 1 < MaxDistance && length < max && Bytes.Read32(ref later, length - MinMatch - laterDistance) == Bytes.Read32(ref later, length - MinMatch)
                    && Bytes.CommonLength(ref Unsafe.Subtract(ref later, laterDistance), ref later, max) is var laterLength && laterLength > length)
                {
                    (length, distance) = (laterLength, laterDistance);
                    at++;
                }
            }
            output = ref PutManyLiterals(ref output, ref start, anchor, at);
            if (length == MaxMatch)
            {
                output = ref PutStretch(ref output, block, position + (int)at, (int)distance, softEnd, out int stretchEnd);
                anchor = stretchEnd - position;
            }
            else
            {
                output = ref Put(ref output, Token.Match(length, (int)distance));
                anchor = at + length;
            }
        }
        position += (int)anchor;
        return ref output;
    }
}
