using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ipdr.Oci.Digests.Hashing;

/// <summary>Sixteen inputs in registers of 512 bits: AVX-512, with 32 registers and rotation in one instruction.</summary>
internal readonly struct SixteenLanes(Vector512<uint> words) : IRows<SixteenLanes>
{
    private readonly Vector512<uint> _words = words;

    public static int Count => Vector512<uint>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes Broadcast(uint word) => new(Vector512.Create(word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes Create(ReadOnlySpan<uint> words) => new(Vector512.Create(words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes operator +(SixteenLanes left, SixteenLanes right) => new(left._words + right._words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes operator ^(SixteenLanes left, SixteenLanes right) => new(left._words ^ right._words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes RotateRight(SixteenLanes value, [ConstantExpected] byte bits) => new(Avx512F.RotateRight(value._words, bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadBlocks(ref readonly byte input, nint stride, ref SixteenLanes message) =>
        RowTransposition.ReadBlocks(in input, stride, ref message);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteValues(ref readonly SixteenLanes words, ref byte output) =>
        RowTransposition.WriteValues(in words, ref output);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes ReadRows(ref readonly byte source, nint stride)
    {
        ref byte first = ref Unsafe.AsRef(in source);
        Vector512<byte> rows = Vector128.LoadUnsafe(ref first).ToVector256Unsafe().ToVector512Unsafe();
        rows = Avx512F.InsertVector128(rows, Vector128.LoadUnsafe(ref Unsafe.Add(ref first, 4 * stride)), 1);
        rows = Avx512F.InsertVector128(rows, Vector128.LoadUnsafe(ref Unsafe.Add(ref first, 8 * stride)), 2);
        return new(Avx512F.InsertVector128(rows, Vector128.LoadUnsafe(ref Unsafe.Add(ref first, 12 * stride)), 3).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteRows(SixteenLanes rows, ref byte destination, nint stride)
    {
        Vector512<byte> bytes = rows._words.AsByte();
        Avx512F.ExtractVector128(bytes, 0).StoreUnsafe(ref destination);
        Avx512F.ExtractVector128(bytes, 1).StoreUnsafe(ref Unsafe.Add(ref destination, 4 * stride));
        Avx512F.ExtractVector128(bytes, 2).StoreUnsafe(ref Unsafe.Add(ref destination, 8 * stride));
        Avx512F.ExtractVector128(bytes, 3).StoreUnsafe(ref Unsafe.Add(ref destination, 12 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes ZipLow(SixteenLanes a, SixteenLanes b) => new(Avx512F.UnpackLow(a._words, b._words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes ZipHigh(SixteenLanes a, SixteenLanes b) => new(Avx512F.UnpackHigh(a._words, b._words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes JoinLow(SixteenLanes a, SixteenLanes b) =>
        new(Avx512F.UnpackLow(a._words.AsUInt64(), b._words.AsUInt64()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenLanes JoinHigh(SixteenLanes a, SixteenLanes b) =>
        new(Avx512F.UnpackHigh(a._words.AsUInt64(), b._words.AsUInt64()).AsUInt32());
}
