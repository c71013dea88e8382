using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>A literal or a match, taken apart into what is written: symbols and extra bits.</summary>
/// <remarks>Both kinds have the same fields, so that loops over tokens need no branch that nobody could predict.</remarks>
/// <param name="bits">From bit 0: literal or length symbol, extra bits of the length, distance symbol, extra bits of the distance.</param>
internal readonly struct Token(uint bits)
{
    /// <summary>The distance symbol of a literal: takes no bits.</summary>
    public const int NoDistance = 31;

    private const int LengthExtraShift = 9;
    private const int DistanceShift = LengthExtraShift + 5;
    private const int DistanceExtraShift = DistanceShift + 5;

    /// <summary>The literal, or the symbol of the length.</summary>
    public int Symbol => (int)bits & ((1 << LengthExtraShift) - 1);

    /// <summary>What follows the length symbol.</summary>
    public int LengthExtra => (int)(bits >> LengthExtraShift) & 31;

    /// <summary>The symbol of the distance.</summary>
    public int DistanceSymbol => (int)(bits >> DistanceShift) & 31;

    /// <summary>What follows the distance symbol.</summary>
    public int DistanceExtra => (int)(bits >> DistanceExtraShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Token Literal(byte value) => new(value | ((uint)NoDistance << DistanceShift));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Token Match(int length, int distance)
    {
        uint index = (uint)distance - 1;
        // As below; the bits under the two that make the symbol are extra.
        int extraBits = BitOperations.Log2(index | 2) - 1;
        uint symbol = (uint)(2 * extraBits) + (index >> extraBits);
        uint extra = index & ((1u << extraBits) - 1);
        return new(Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Lengths), (nint)(uint)length) | (symbol << DistanceShift) | (extra << DistanceExtraShift));
    }

    /// <summary>The symbol of a distance: two for each power of two, by the bit below the highest (RFC 1951, section 3.2.5).</summary>
    public static int DistanceSymbolOf(int distance)
    {
        uint index = (uint)distance - 1;
        int extraBits = BitOperations.Log2(index | 2) - 1;
        return (2 * extraBits) + (int)(index >> extraBits);
    }

    // Symbol and extra bits of each match length.
    private static readonly ushort[] Lengths = MakeLengths();

    private static ushort[] MakeLengths()
    {
        ushort[] lengths = new ushort[DeflateFormat.MaxMatch + 1];
        for (int length = DeflateFormat.MinMatch, symbol = 0; length <= DeflateFormat.MaxMatch; length++)
        {
            if (symbol + 1 < DeflateFormat.LengthBases.Length && length >= DeflateFormat.LengthBases[symbol + 1])
                symbol++;
            lengths[length] = (ushort)((DeflateFormat.FirstLengthSymbol + symbol) | ((length - DeflateFormat.LengthBases[symbol]) << LengthExtraShift));
        }
        return lengths;
    }
}
