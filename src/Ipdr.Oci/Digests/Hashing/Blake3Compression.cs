using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ipdr.Oci.Digests.Hashing;

/// <summary>The compression function (the BLAKE3 paper, section 2.2), in each lane at once.</summary>
/// <remarks>
/// One loop over the rounds with a table of the message's order, not seven rounds written out: so the compiler can inline each
/// operation of each width and keeps the state in registers where there are 32 of them (DigestBenchmarks measures every width).
/// </remarks>
internal static class Blake3Compression<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Replaces the chaining value by what the compression of one block makes of it.</summary>
    /// <param name="value">The first of 8 words.</param>
    /// <param name="message">The first of 16 words.</param>
    /// <param name="counterLow">The low half of the chunk's number; 0 in a parent.</param>
    /// <param name="counterHigh">The high half.</param>
    /// <param name="length">Bytes in the block, 0 to 64.</param>
    /// <param name="flags">Flags of the block.</param>
    // A program hashes its content once: there is no second call for which the first tier could be slow.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(ref T value, ref readonly T message, T counterLow, T counterHigh, T length, T flags)
    {
        T v0 = value, v1 = Unsafe.Add(ref value, 1), v2 = Unsafe.Add(ref value, 2), v3 = Unsafe.Add(ref value, 3);
        T v4 = Unsafe.Add(ref value, 4), v5 = Unsafe.Add(ref value, 5), v6 = Unsafe.Add(ref value, 6), v7 = Unsafe.Add(ref value, 7);
        T v8 = T.Broadcast(Blake3Constants.InitialValue[0]), v9 = T.Broadcast(Blake3Constants.InitialValue[1]);
        T v10 = T.Broadcast(Blake3Constants.InitialValue[2]), v11 = T.Broadcast(Blake3Constants.InitialValue[3]);
        T v12 = counterLow, v13 = counterHigh, v14 = length, v15 = flags;

        ref T words = ref Unsafe.AsRef(in message);
        ref byte order = ref MemoryMarshal.GetReference(Blake3Constants.Schedule);
        for (int round = 0; round < Blake3Constants.Rounds; round++)
        {
            Mix(ref v0, ref v4, ref v8, ref v12, ref words, ref order, 0);
            Mix(ref v1, ref v5, ref v9, ref v13, ref words, ref order, 2);
            Mix(ref v2, ref v6, ref v10, ref v14, ref words, ref order, 4);
            Mix(ref v3, ref v7, ref v11, ref v15, ref words, ref order, 6);
            Mix(ref v0, ref v5, ref v10, ref v15, ref words, ref order, 8);
            Mix(ref v1, ref v6, ref v11, ref v12, ref words, ref order, 10);
            Mix(ref v2, ref v7, ref v8, ref v13, ref words, ref order, 12);
            Mix(ref v3, ref v4, ref v9, ref v14, ref words, ref order, 14);
            order = ref Unsafe.Add(ref order, 16);
        }

        value = v0 ^ v8;
        Unsafe.Add(ref value, 1) = v1 ^ v9;
        Unsafe.Add(ref value, 2) = v2 ^ v10;
        Unsafe.Add(ref value, 3) = v3 ^ v11;
        Unsafe.Add(ref value, 4) = v4 ^ v12;
        Unsafe.Add(ref value, 5) = v5 ^ v13;
        Unsafe.Add(ref value, 6) = v6 ^ v14;
        Unsafe.Add(ref value, 7) = v7 ^ v15;
    }

    // The message word comes first: b is the last of the three to be ready, and as the first operand the word is added from memory.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ref T a, ref T b, ref T c, ref T d, ref T words, ref byte order, int position)
    {
        a = Unsafe.Add(ref words, (nint)Unsafe.Add(ref order, position)) + a + b;
        d = T.RotateRight(d ^ a, 16);
        c += d;
        b = T.RotateRight(b ^ c, 12);
        a = Unsafe.Add(ref words, (nint)Unsafe.Add(ref order, position + 1)) + a + b;
        d = T.RotateRight(d ^ a, 8);
        c += d;
        b = T.RotateRight(b ^ c, 7);
    }
}
