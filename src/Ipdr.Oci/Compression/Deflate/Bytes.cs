using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Unchecked little-endian reading and writing, for the loops that bounds checks would dominate. Who calls has proved the bounds.</summary>
internal static class Bytes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte At(ref byte start, nint offset) => ref Unsafe.Add(ref start, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Read32(ref byte start, nint offset)
    {
        uint value = Unsafe.ReadUnaligned<uint>(ref At(ref start, offset));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read64(ref byte start, nint offset)
    {
        ulong value = Unsafe.ReadUnaligned<ulong>(ref At(ref start, offset));
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write64(ref byte start, nint offset, ulong value) =>
        Unsafe.WriteUnaligned(ref At(ref start, offset), BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value));

    /// <summary>How far the bytes at two places agree, at most <paramref name="max"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CommonLength(ref byte one, ref byte other, int max)
    {
        nint length = 0;
        // Few matches are longer, and where the first difference is takes no branch that would have to be predicted.
        if (Vector256.IsHardwareAccelerated && max >= Vector256<byte>.Count)
        {
            uint equal = Vector256.Equals(Vector256.LoadUnsafe(ref one), Vector256.LoadUnsafe(ref other)).ExtractMostSignificantBits();
            if (equal != uint.MaxValue)
                return BitOperations.TrailingZeroCount(~equal);
            length = Vector256<byte>.Count;
        }
        else if (Vector128.IsHardwareAccelerated && max >= Vector128<byte>.Count)
        {
            uint equal = Vector128.Equals(Vector128.LoadUnsafe(ref one), Vector128.LoadUnsafe(ref other)).ExtractMostSignificantBits();
            if (equal != ushort.MaxValue)
                return BitOperations.TrailingZeroCount(~equal);
            length = Vector128<byte>.Count;
        }
        while (length + sizeof(ulong) <= max)
        {
            ulong difference = Read64(ref one, length) ^ Read64(ref other, length);
            if (difference != 0)
                return (int)length + (BitOperations.TrailingZeroCount(difference) >> 3);
            length += sizeof(ulong);
        }
        while (length < max && At(ref one, length) == At(ref other, length))
            length++;
        return (int)length;
    }
}
