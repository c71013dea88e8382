using System.Runtime.CompilerServices;

namespace Ipdr.Oci.Digests.Hashing;

/// <summary>Turns inputs that lie one after another into lanes and back, four words of four inputs at a time.</summary>
internal static class RowTransposition
{
    private const int RowLength = 16;

    /// <inheritdoc cref="ILanes{TSelf}.ReadBlocks"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadBlocks<T>(ref readonly byte input, nint stride, ref T message)
        where T : unmanaged, IRows<T>
    {
        for (nint row = 0; row < Blake3Constants.BlockLength / RowLength; row++)
        {
            ref byte source = ref Unsafe.Add(ref Unsafe.AsRef(in input), row * RowLength);
            Transpose(
                T.ReadRows(in source, stride),
                T.ReadRows(in Unsafe.Add(ref source, stride), stride),
                T.ReadRows(in Unsafe.Add(ref source, 2 * stride), stride),
                T.ReadRows(in Unsafe.Add(ref source, 3 * stride), stride),
                ref Unsafe.Add(ref message, 4 * row));
        }
    }

    /// <inheritdoc cref="ILanes{TSelf}.WriteValues"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteValues<T>(ref readonly T words, ref byte output)
        where T : unmanaged, IRows<T>
    {
        const int Stride = Blake3Constants.HashLength;
        Span<T> rows = stackalloc T[4];
        for (nint row = 0; row < Blake3Constants.HashLength / RowLength; row++)
        {
            ref T four = ref Unsafe.Add(ref Unsafe.AsRef(in words), 4 * row);
            Transpose(four, Unsafe.Add(ref four, 1), Unsafe.Add(ref four, 2), Unsafe.Add(ref four, 3), ref rows[0]);
            ref byte destination = ref Unsafe.Add(ref output, row * RowLength);
            for (int input = 0; input < rows.Length; input++)
                T.WriteRows(rows[input], ref Unsafe.Add(ref destination, input * Stride), Stride);
        }
    }

    // Row i, column j of each quarter changes place with row j, column i.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose<T>(T a, T b, T c, T d, ref T output)
        where T : unmanaged, IRows<T>
    {
        T abLow = T.ZipLow(a, b), abHigh = T.ZipHigh(a, b), cdLow = T.ZipLow(c, d), cdHigh = T.ZipHigh(c, d);
        output = T.JoinLow(abLow, cdLow);
        Unsafe.Add(ref output, 1) = T.JoinHigh(abLow, cdLow);
        Unsafe.Add(ref output, 2) = T.JoinLow(abHigh, cdHigh);
        Unsafe.Add(ref output, 3) = T.JoinHigh(abHigh, cdHigh);
    }
}
