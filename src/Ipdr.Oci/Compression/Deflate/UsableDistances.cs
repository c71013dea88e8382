using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>A bit for each position of a batch: whether it has a distance that is of use.</summary>
/// <param name="maxBatch">The most positions of a batch.</param>
internal sealed class UsableDistances(int maxBatch)
{
    /// <summary>How many positions are marked at a time.</summary>
    public const int Step = 16;

    /// <summary>How many positions <see cref="From"/> tells of at least.</summary>
    public const int Visible = 64 - 7;

    // Room for the last step, which may reach beyond the batch, and for the word that is read there.
    private readonly byte[] _marks = new byte[((maxBatch + Step - 1) / Step * (Step / 8)) + sizeof(ulong)];

    /// <summary>The first eight marks.</summary>
    public ref byte Marks => ref MemoryMarshal.GetArrayDataReference(_marks);

    /// <summary>Marks from a position on, which is the lowest bit: <see cref="Visible"/> or a few more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong From(ref byte marks, nint position) => Bytes.Read64(ref marks, position >> 3) >> (int)(position & 7);

    /// <summary>Which of <see cref="Step"/> distances are from 1 to <see cref="Parser.MaxDistance"/>, the first as the lowest bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Among(ref uint distances)
    {
        Vector128<int> first = Vector128.LoadUnsafe(ref distances).AsInt32(), second = Vector128.LoadUnsafe(ref distances, 4).AsInt32();
        Vector128<int> third = Vector128.LoadUnsafe(ref distances, 8).AsInt32(), fourth = Vector128.LoadUnsafe(ref distances, 12).AsInt32();
        if (Sse41.IsSupported)
        {
            // To sixteen bits without a sign: what is negative becomes 0, and what is too far has the highest bit, so that it is negative from here on.
            Vector128<short> lower = Sse41.PackUnsignedSaturate(first, second).AsInt16(), upper = Sse41.PackUnsignedSaturate(third, fourth).AsInt16();
            return Vector128.GreaterThan(Sse2.PackSignedSaturate(lower, upper), Vector128<sbyte>.Zero).ExtractMostSignificantBits();
        }
        return Vector128.Narrow(Vector128.Narrow(Usable(first), Usable(second)), Vector128.Narrow(Usable(third), Usable(fourth))).ExtractMostSignificantBits();
    }

    /// <summary>Marks <see cref="Step"/> positions, the first of which is a multiple of that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Mark(ref byte marks, nint position, uint sixteen)
    {
        Bytes.At(ref marks, position >> 3) = (byte)sixteen;
        Bytes.At(ref marks, (position >> 3) + 1) = (byte)(sixteen >> 8);
    }

    /// <summary>Clears the word of marks behind the last step of a batch.</summary>
    /// <param name="count">The positions of the batch.</param>
    public void ClearBehind(int count) => _marks.AsSpan((count + Step - 1) / Step * (Step / 8), sizeof(ulong)).Clear();

    private static Vector128<uint> Usable(Vector128<int> distances) =>
        (Vector128.GreaterThan(distances, Vector128<int>.Zero) & Vector128.LessThanOrEqual(distances, Vector128.Create(Parser.MaxDistance))).AsUInt32();
}
