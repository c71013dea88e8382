using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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

    /// <summary>Which of four distances are from 1 to <see cref="Parser.MaxDistance"/>: all bits of an element are set, or none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Among(ref uint distances)
    {
        Vector128<int> four = Vector128.LoadUnsafe(ref distances).AsInt32();
        return (Vector128.GreaterThan(four, Vector128<int>.Zero) & Vector128.LessThanOrEqual(four, Vector128.Create(Parser.MaxDistance))).AsUInt32();
    }

    /// <summary>Marks <see cref="Step"/> positions, the first of which is a multiple of that, with what <see cref="Among"/> says of each four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Mark(ref byte marks, nint position, Vector128<uint> first, Vector128<uint> second, Vector128<uint> third, Vector128<uint> fourth)
    {
        uint sixteen = Vector128.Narrow(Vector128.Narrow(first, second), Vector128.Narrow(third, fourth)).ExtractMostSignificantBits();
        Bytes.At(ref marks, position >> 3) = (byte)sixteen;
        Bytes.At(ref marks, (position >> 3) + 1) = (byte)(sixteen >> 8);
    }

    /// <summary>Clears the word of marks behind the last step of a batch.</summary>
    /// <param name="count">The positions of the batch.</param>
    public void ClearBehind(int count) => _marks.AsSpan((count + Step - 1) / Step * (Step / 8), sizeof(ulong)).Clear();
}
