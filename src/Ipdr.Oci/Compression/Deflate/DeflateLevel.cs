namespace Ipdr.Oci.Compression.Deflate;

/// <summary>What each level is: part of the recipe, so these numbers never change.</summary>
internal static class DeflateLevel
{
    /// <summary>The fastest.</summary>
    public const int Min = 1;

    /// <summary>The smallest output.</summary>
    public const int Max = 9;

    /// <summary>Where none is asked for.</summary>
    public const int Default = 2;

    /// <summary>An encoder with tables of its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    public static DeflateEncoder CreateEncoder(int level) => level switch
    {
        1 => Create(new FastParser(0), 4096),
        2 => Create(new FastParser(32), 4096),
        3 => Create(new PairParser(64), 2048),
        4 => Create(new LazyParser(4, 16, 0), 1024),
        5 => Create(new LazyParser(6, 32, 1), 1024),
        6 => Create(new LazyParser(16, 64, 1), 1024),
        7 => Create(new OptimalParser(8, 48), 1024),
        8 => Create(new OptimalParser(32, 128), 1024, 1),
        9 => Create(new OptimalParser(128, 258), 512, 3),
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };

    private static DeflateEncoder Create(Parser parser, int segmentTokens, int improvements = 0) => new(parser, new BlockSplitter(segmentTokens), improvements);
}
