using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Ipdr.Oci.Digests.Hashing;

/// <summary>Four inputs in registers of 128 bits: SSE on x64, Advanced SIMD on arm64.</summary>
internal readonly struct FourLanes(Vector128<uint> words) : IRows<FourLanes>
{
    private readonly Vector128<uint> _words = words;

    public static int Count => Vector128<uint>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Broadcast(uint word) => new(Vector128.Create(word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes Create(ReadOnlySpan<uint> words) => new(Vector128.Create(words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator +(FourLanes left, FourLanes right) => new(left._words + right._words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes operator ^(FourLanes left, FourLanes right) => new(left._words ^ right._words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes RotateRight(FourLanes value, [ConstantExpected] byte bits)
    {
        if (Avx512F.VL.IsSupported)
            return new(Avx512F.VL.RotateRight(value._words, bits));
        return new((value._words >>> bits) | (value._words << (32 - bits)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadBlocks(ref readonly byte input, nint stride, ref FourLanes message) =>
        RowTransposition.ReadBlocks(in input, stride, ref message);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteValues(ref readonly FourLanes words, ref byte output) =>
        RowTransposition.WriteValues(in words, ref output);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes ReadRows(ref readonly byte source, nint stride) =>
        new(Vector128.LoadUnsafe(in source).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteRows(FourLanes rows, ref byte destination, nint stride) =>
        rows._words.AsByte().StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes ZipLow(FourLanes a, FourLanes b) =>
        Sse2.IsSupported ? new(Sse2.UnpackLow(a._words, b._words)) : new(AdvSimd.Arm64.ZipLow(a._words, b._words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes ZipHigh(FourLanes a, FourLanes b) =>
        Sse2.IsSupported ? new(Sse2.UnpackHigh(a._words, b._words)) : new(AdvSimd.Arm64.ZipHigh(a._words, b._words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes JoinLow(FourLanes a, FourLanes b) =>
        Sse2.IsSupported
            ? new(Sse2.UnpackLow(a._words.AsUInt64(), b._words.AsUInt64()).AsUInt32())
            : new(AdvSimd.Arm64.ZipLow(a._words.AsUInt64(), b._words.AsUInt64()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourLanes JoinHigh(FourLanes a, FourLanes b) =>
        Sse2.IsSupported
            ? new(Sse2.UnpackHigh(a._words.AsUInt64(), b._words.AsUInt64()).AsUInt32())
            : new(AdvSimd.Arm64.ZipHigh(a._words.AsUInt64(), b._words.AsUInt64()).AsUInt32());
}
