using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>A literal or a match, taken apart into what is counted and written.</summary>
/// <remarks>Both kinds have the same fields, so that loops over tokens need no branch that nobody could predict.</remarks>
/// <param name="bits">From bit 0: literal or length, distance symbol, extra bits of the distance.</param>
internal readonly struct Token(uint bits)
{
    /// <summary>How many literals and lengths there are.</summary>
    public const int LiteralsAndLengths = 1 << LiteralOrLengthBits;

    /// <summary>The distance symbol of a literal: takes no bits.</summary>
    public const int NoDistance = 31;

    /// <summary>What a literal's token has besides the literal.</summary>
    public const uint LiteralBits = (uint)NoDistance << LiteralOrLengthBits;

    private const int LiteralOrLengthBits = 9;
    private const int DistanceExtraShift = LiteralOrLengthBits + 5;

    // Lengths follow the literals, the shortest first.
    private const int LengthOffset = DeflateFormat.Literals - DeflateFormat.MinMatch;

    /// <summary>The literal, or what <see cref="LengthIndex"/> gives for the length.</summary>
    public int LiteralOrLength => (int)bits & (LiteralsAndLengths - 1);

    /// <summary>The symbol of the distance.</summary>
    public int DistanceSymbol => (int)(bits >> LiteralOrLengthBits) & 31;

    /// <summary>What follows the distance symbol.</summary>
    public int DistanceExtra => (int)(bits >> DistanceExtraShift);

    /// <summary>The place of a match length, from <see cref="DeflateFormat.MinMatch"/> to <see cref="DeflateFormat.MaxMatch"/>, behind the literals.</summary>
    public static int LengthIndex(int length) => length + LengthOffset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Token Literal(byte value) => new(value | LiteralBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Token Match(int length, int distance)
    {
        uint index = (uint)distance - 1;
        // As below; the bits under the two that make the symbol are extra.
        int extraBits = BitOperations.Log2(index | 2) - 1;
        uint symbol = (uint)(2 * extraBits) + (index >> extraBits);
        uint extra = index & ((1u << extraBits) - 1);
        return new((uint)LengthIndex(length) | (symbol << LiteralOrLengthBits) | (extra << DistanceExtraShift));
    }

    /// <summary>The symbol of a distance: two for each power of two, by the bit below the highest (RFC 1951, section 3.2.5).</summary>
    public static int DistanceSymbolOf(int distance)
    {
        uint index = (uint)distance - 1;
        int extraBits = BitOperations.Log2(index | 2) - 1;
        return (2 * extraBits) + (int)(index >> extraBits);
    }
}
