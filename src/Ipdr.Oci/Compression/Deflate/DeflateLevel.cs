namespace Ipdr.Oci.Compression.Deflate;

/// <summary>What each level is: part of the recipe, so these numbers never change.</summary>
internal static class DeflateLevel
{
    /// <summary>The fastest.</summary>
    public const int Min = 1;

    /// <summary>The smallest output.</summary>
    public const int Max = 9;

    /// <summary>Where none is asked for.</summary>
    public const int Default = 5;

    /// <summary>An encoder with tables of its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    public static DeflateEncoder CreateEncoder(int level) => level switch
    {
        1 => new DeflateEncoder(new FastParser(), 4096),
        2 => new DeflateEncoder(new LazyParser(4, 16, 0), 4096),
        3 => new DeflateEncoder(new LazyParser(8, 32, 0), 2048),
        4 => new DeflateEncoder(new LazyParser(4, 16, 1), 2048),
        5 => new DeflateEncoder(new LazyParser(8, 32, 1), 1024),
        6 => new DeflateEncoder(new LazyParser(16, 64, 1), 1024),
        7 => new DeflateEncoder(new LazyParser(16, 128, 2), 1024),
        8 => new DeflateEncoder(new LazyParser(16, 258, 2), 512),
        9 => new DeflateEncoder(new LazyParser(16, 258, 2), 512),
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };
}
