using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>A repetition that was found: small enough for a register.</summary>
/// <param name="bits">The length above sixteen bits of distance; 0 for none.</param>
internal readonly struct Match(uint bits)
{
    private const int LengthShift = 16;

    public Match(int length, int distance)
        : this(((uint)length << LengthShift) | (uint)distance)
    {
    }

    /// <summary>How many bytes are repeated; 0 when nothing was found.</summary>
    public int Length => (int)(bits >> LengthShift);

    /// <summary>How far back they stand.</summary>
    public int Distance => (int)(bits & 0xFFFF);

    /// <summary>The symbol of the distance.</summary>
    public int DistanceSymbol => Token.DistanceSymbolOf(Distance);

    /// <summary>Whether this match is worth more than one that begins some bytes earlier, and these bytes as literals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsBetterThan(Match earlier, int literals) => Worth - earlier.Worth > (4 * literals) - 2;

    // A distance costs about a bit more each time it doubles, a byte of length saves about four.
    private int Worth => (4 * Length) - BitOperations.Log2((uint)Distance);
}
