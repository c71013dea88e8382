using System.Runtime.InteropServices;

namespace Ipdr.Oci.Digests.Hashing;

/// <summary>What is hashed alone: the last chunk, which may be short or empty, and the parents above it.</summary>
internal static class Blake3Tail
{
    /// <summary>The value of a chunk of 0 to 1,024 bytes.</summary>
    public static void HashChunk(ReadOnlySpan<byte> chunk, ulong counter, bool isRoot, Span<byte> value)
    {
        Span<OneLane> words = stackalloc OneLane[8];
        Start(words);
        uint flags = Blake3Constants.ChunkStart;
        for (; chunk.Length > Blake3Constants.BlockLength; chunk = chunk[Blake3Constants.BlockLength..])
        {
            Compress(words, chunk[..Blake3Constants.BlockLength], counter, flags);
            flags = 0;
        }
        Compress(words, chunk, counter, flags | Blake3Constants.ChunkEnd | RootFlag(isRoot));
        OneLane.WriteValues(in words[0], ref value[..Blake3Constants.HashLength][0]);
    }

    /// <summary>The value of two subtrees. <paramref name="value"/> may lie in <paramref name="pair"/>.</summary>
    public static void HashParent(ReadOnlySpan<byte> pair, bool isRoot, Span<byte> value)
    {
        Span<OneLane> words = stackalloc OneLane[8];
        Start(words);
        Compress(words, pair, counter: 0, Blake3Constants.Parent | RootFlag(isRoot));
        OneLane.WriteValues(in words[0], ref value[..Blake3Constants.HashLength][0]);
    }

    private static void Start(Span<OneLane> words) =>
        MemoryMarshal.Cast<uint, OneLane>(Blake3Constants.InitialValue).CopyTo(words);

    private static void Compress(Span<OneLane> words, ReadOnlySpan<byte> block, ulong counter, uint flags)
    {
        Span<byte> padded = stackalloc byte[Blake3Constants.BlockLength];
        block.CopyTo(padded);
        Span<OneLane> message = stackalloc OneLane[16];
        OneLane.ReadBlocks(in padded[0], Blake3Constants.BlockLength, ref message[0]);
        Blake3Compression<OneLane>.Compress(
            ref words[0], in message[0], new((uint)counter), new((uint)(counter >> 32)), new((uint)block.Length), new(flags));
    }

    private static uint RootFlag(bool isRoot) => isRoot ? Blake3Constants.Root : 0;
}
