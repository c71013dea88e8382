using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ipdr.Oci.Digests.Hashing;

/// <summary>Chaining values of chunks and of parents, as many at once as there are lanes.</summary>
internal static class Blake3Lanes<T>
    where T : unmanaged, ILanes<T>
{
    // A vector that straddles two lines is not forwarded from store to load: unaligned, a kernel takes up to three times as long.
    private const int CacheLine = 64;

    // 8 words of the chaining value, 16 of the message.
    private static int StateLength => (8 + 16) * Unsafe.SizeOf<T>() + CacheLine - 1;

    /// <summary>The chaining values of whole chunks that lie one after another.</summary>
    /// <param name="chunks">A multiple of 1,024 × <typeparamref name="T"/>'s lanes, in bytes.</param>
    /// <param name="counter">The number of the first chunk.</param>
    /// <param name="values">Room for 32 bytes a chunk.</param>
    public static void HashChunks(ReadOnlySpan<byte> chunks, ulong counter, Span<byte> values)
    {
        for (; !chunks.IsEmpty; chunks = chunks[(T.Count * Blake3Constants.ChunkLength)..])
        {
            ref byte output = ref MemoryMarshal.GetReference(values[..(T.Count * Blake3Constants.HashLength)]);
            HashChunks(in chunks[..(T.Count * Blake3Constants.ChunkLength)][0], counter, ref output);
            values = values[(T.Count * Blake3Constants.HashLength)..];
            counter += (ulong)T.Count;
        }
    }

    /// <summary>The chaining values of parents, each made of two values that lie one after the other.</summary>
    /// <param name="pairs">A multiple of 64 × <typeparamref name="T"/>'s lanes, in bytes.</param>
    /// <param name="values">Room for 32 bytes a pair; may be the start of <paramref name="pairs"/>, or lie 32 bytes after it.</param>
    public static void HashParents(ReadOnlySpan<byte> pairs, Span<byte> values)
    {
        for (; !pairs.IsEmpty; pairs = pairs[(T.Count * Blake3Constants.BlockLength)..])
        {
            ref byte output = ref MemoryMarshal.GetReference(values[..(T.Count * Blake3Constants.HashLength)]);
            HashParents(in pairs[..(T.Count * Blake3Constants.BlockLength)][0], ref output);
            values = values[(T.Count * Blake3Constants.HashLength)..];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void HashChunks(ref readonly byte chunks, ulong counter, ref byte output)
    {
        byte* memory = stackalloc byte[StateLength];
        ref T value = ref Aligned(memory);
        ref T message = ref Unsafe.Add(ref value, 8);
        Start(ref value);
        (T counterLow, T counterHigh) = Counters(counter);
        T length = T.Broadcast(Blake3Constants.BlockLength);
        for (int block = 0; block < Blake3Constants.BlocksPerChunk; block++)
        {
            uint flags = block == 0 ? Blake3Constants.ChunkStart : block == Blake3Constants.BlocksPerChunk - 1 ? Blake3Constants.ChunkEnd : 0;
            ref byte input = ref Unsafe.Add(ref Unsafe.AsRef(in chunks), block * Blake3Constants.BlockLength);
            T.ReadBlocks(in input, Blake3Constants.ChunkLength, ref message);
            Blake3Compression<T>.Compress(ref value, in message, counterLow, counterHigh, length, T.Broadcast(flags));
        }
        T.WriteValues(in value, ref output);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void HashParents(ref readonly byte pairs, ref byte output)
    {
        byte* memory = stackalloc byte[StateLength];
        ref T value = ref Aligned(memory);
        ref T message = ref Unsafe.Add(ref value, 8);
        Start(ref value);
        T.ReadBlocks(in pairs, Blake3Constants.BlockLength, ref message);
        T zero = T.Broadcast(0);
        T length = T.Broadcast(Blake3Constants.BlockLength);
        Blake3Compression<T>.Compress(ref value, in message, zero, zero, length, T.Broadcast(Blake3Constants.Parent));
        T.WriteValues(in value, ref output);
    }

    private static unsafe ref T Aligned(byte* memory) =>
        ref Unsafe.AsRef<T>((void*)(((nuint)memory + CacheLine - 1) & ~(nuint)(CacheLine - 1)));

    private static void Start(ref T value)
    {
        for (int word = 0; word < Blake3Constants.InitialValue.Length; word++)
            Unsafe.Add(ref value, word) = T.Broadcast(Blake3Constants.InitialValue[word]);
    }

    private static (T Low, T High) Counters(ulong first)
    {
        Span<uint> low = stackalloc uint[T.Count];
        Span<uint> high = stackalloc uint[T.Count];
        for (int lane = 0; lane < T.Count; lane++)
        {
            ulong counter = first + (ulong)lane;
            low[lane] = (uint)counter;
            high[lane] = (uint)(counter >> 32);
        }
        return (T.Create(low), T.Create(high));
    }
}
