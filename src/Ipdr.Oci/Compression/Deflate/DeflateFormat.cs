namespace Ipdr.Oci.Compression.Deflate;

/// <summary>The numbers of RFC 1951, section 3.2.</summary>
internal static class DeflateFormat
{
    public const int MinMatch = 3;
    public const int MaxMatch = 258;
    public const int MaxDistance = 32 << 10;

    public const int Literals = 256;
    public const int EndOfBlock = 256;
    public const int FirstLengthSymbol = 257;
    public const int LiteralLengthSymbols = 286;
    public const int DistanceSymbols = 30;
    public const int CodeLengthSymbols = 19;

    public const int MaxCodeLength = 15;
    public const int MaxCodeLengthLength = 7;

    public const int MaxStoredLength = ushort.MaxValue;

    public const int BlockTypeBits = 3;
    public const uint StoredBlock = 0b000;
    public const uint FixedBlock = 0b010;
    public const uint DynamicBlock = 0b100;

    /// <summary>The order in which the lengths of the code length code are written.</summary>
    public static ReadOnlySpan<byte> CodeLengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Extra bits by length symbol, from <see cref="FirstLengthSymbol"/> on.</summary>
    public static ReadOnlySpan<byte> LengthExtraBits => [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    /// <summary>The shortest match of each length symbol, from <see cref="FirstLengthSymbol"/> on.</summary>
    public static ReadOnlySpan<ushort> LengthBases =>
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];

    /// <summary>The end of a length symbol's matches, one more than its longest, by its number from <see cref="FirstLengthSymbol"/> on.</summary>
    public static int LengthEnd(int number) => number + 1 < LengthBases.Length ? LengthBases[number + 1] : MaxMatch + 1;

    /// <summary>Extra bits by distance symbol.</summary>
    public static ReadOnlySpan<byte> DistanceExtraBits =>
        [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    /// <summary>The least distance of each distance symbol.</summary>
    public static ReadOnlySpan<ushort> DistanceBases =>
    [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ];
}
