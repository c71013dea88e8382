using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ipdr.Oci.Digests.Hashing;

/// <summary>Eight inputs in registers of 256 bits: AVX2.</summary>
internal readonly struct EightLanes(Vector256<uint> words) : IRows<EightLanes>
{
    private readonly Vector256<uint> _words = words;

    public static int Count => Vector256<uint>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Broadcast(uint word) => new(Vector256.Create(word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes Create(ReadOnlySpan<uint> words) => new(Vector256.Create(words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator +(EightLanes left, EightLanes right) => new(left._words + right._words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes operator ^(EightLanes left, EightLanes right) => new(left._words ^ right._words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes RotateRight(EightLanes value, [ConstantExpected] byte bits)
    {
        if (Avx512F.VL.IsSupported)
            return new(Avx512F.VL.RotateRight(value._words, bits));
        return new((value._words >>> bits) | (value._words << (32 - bits)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadBlocks(ref readonly byte input, nint stride, ref EightLanes message) =>
        RowTransposition.ReadBlocks(in input, stride, ref message);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteValues(ref readonly EightLanes words, ref byte output) =>
        RowTransposition.WriteValues(in words, ref output);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes ReadRows(ref readonly byte source, nint stride)
    {
        ref byte first = ref Unsafe.AsRef(in source);
        return new(Vector256.Create(
            Vector128.LoadUnsafe(ref first),
            Vector128.LoadUnsafe(ref Unsafe.Add(ref first, 4 * stride))).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteRows(EightLanes rows, ref byte destination, nint stride)
    {
        Vector256<byte> bytes = rows._words.AsByte();
        bytes.GetLower().StoreUnsafe(ref destination);
        bytes.GetUpper().StoreUnsafe(ref Unsafe.Add(ref destination, 4 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes ZipLow(EightLanes a, EightLanes b) => new(Avx2.UnpackLow(a._words, b._words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes ZipHigh(EightLanes a, EightLanes b) => new(Avx2.UnpackHigh(a._words, b._words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes JoinLow(EightLanes a, EightLanes b) =>
        new(Avx2.UnpackLow(a._words.AsUInt64(), b._words.AsUInt64()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightLanes JoinHigh(EightLanes a, EightLanes b) =>
        new(Avx2.UnpackHigh(a._words.AsUInt64(), b._words.AsUInt64()).AsUInt32());
}
