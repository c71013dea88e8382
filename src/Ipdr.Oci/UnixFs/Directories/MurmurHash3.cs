using System.Buffers.Binary;
using System.Numerics;

namespace Ipdr.Oci.UnixFs.Directories;

/// <summary>MurmurHash3, the x64 variant with 128 bits and seed 0, of which sharded directories use the first half.</summary>
internal static class MurmurHash3
{
    private const int BlockLength = 16;
    private const ulong C1 = 0x87c37b91114253d5;
    private const ulong C2 = 0x4cf5ad432745937f;

    /// <summary>The first 64 bits of the hash, as a number.</summary>
    public static ulong Hash64(ReadOnlySpan<byte> content)
    {
        ulong h1 = 0, h2 = 0, length = (ulong)content.Length;
        for (; content.Length >= BlockLength; content = content[BlockLength..])
        {
            h1 = MixFirst(h1, BinaryPrimitives.ReadUInt64LittleEndian(content));
            h1 = (BitOperations.RotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
            h2 = MixSecond(h2, BinaryPrimitives.ReadUInt64LittleEndian(content[8..]));
            h2 = (BitOperations.RotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
        }
        // An absent byte counts as 0, and mixing in 0 changes nothing, so the rest may be padded.
        Span<byte> tail = stackalloc byte[BlockLength];
        tail.Clear();
        content.CopyTo(tail);
        h1 = MixFirst(h1, BinaryPrimitives.ReadUInt64LittleEndian(tail)) ^ length;
        h2 = MixSecond(h2, BinaryPrimitives.ReadUInt64LittleEndian(tail[8..])) ^ length;
        h1 += h2;
        h2 += h1;
        return Finish(h1) + Finish(h2);
    }

    private static ulong MixFirst(ulong h, ulong word) => h ^ (BitOperations.RotateLeft(word * C1, 31) * C2);

    private static ulong MixSecond(ulong h, ulong word) => h ^ (BitOperations.RotateLeft(word * C2, 33) * C1);

    private static ulong Finish(ulong h)
    {
        h = (h ^ (h >> 33)) * 0xff51afd7ed558ccd;
        h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53;
        return h ^ (h >> 33);
    }
}
