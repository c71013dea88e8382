namespace Ipdr.Oci.Digests.Hashing;

/// <summary>Sizes and words of BLAKE3 (the BLAKE3 paper, section 2).</summary>
internal static class Blake3Constants
{
    /// <summary>Bytes of a chaining value, and of the hash that we take.</summary>
    public const int HashLength = 32;

    /// <summary>Bytes that one compression takes.</summary>
    public const int BlockLength = 64;

    /// <summary>Bytes of a leaf of the tree.</summary>
    public const int ChunkLength = 1024;

    /// <summary>Compressions of a whole chunk.</summary>
    public const int BlocksPerChunk = ChunkLength / BlockLength;

    /// <summary>Levels of the largest tree: 2⁶⁴ bytes are 2⁵⁴ chunks.</summary>
    public const int MaxDepth = 54;

    /// <summary>Rounds of one compression.</summary>
    public const int Rounds = 7;

    /// <summary>Flag of a chunk's first block (table 3 of the paper, as the others).</summary>
    public const uint ChunkStart = 1 << 0;

    /// <summary>Flag of a chunk's last block.</summary>
    public const uint ChunkEnd = 1 << 1;

    /// <summary>Flag of the block that joins two subtrees.</summary>
    public const uint Parent = 1 << 2;

    /// <summary>Flag of the compression whose output is the hash.</summary>
    public const uint Root = 1 << 3;

    /// <summary>The chaining value before the first block: the one of SHA-256.</summary>
    public static ReadOnlySpan<uint> InitialValue =>
    [
        0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19,
    ];

    /// <summary>Which message word goes where, 16 for each round: the permutation of table 2, applied once more a round.</summary>
    public static ReadOnlySpan<byte> Schedule =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8,
        3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1,
        10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6,
        12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4,
        9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7,
        11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13,
    ];
}
