using Ipdr.Oci.Compression.Encoding;

namespace Ipdr.Oci.Compression;

/// <summary>What output of a <see cref="ParallelCompressor"/> depends on, besides its input: nothing else has a say.</summary>
public sealed record CompressionSettings
{
    /// <summary>Chooses a format and how hard to try.</summary>
    /// <param name="format">None, gzip or zstd.</param>
    /// <param name="level">Within <see cref="LevelsOf"/>; null means the format's default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The format is not written here, or has no such level.</exception>
    public CompressionSettings(CompressionFormat format, int? level = null)
    {
        CompressionLevels levels = LevelsOf(format);
        Format = format;
        Level = level ?? levels.Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(Level, levels.Min, nameof(level));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Level, levels.Max, nameof(level));
    }

    /// <summary>The format that is written.</summary>
    public CompressionFormat Format { get; }

    /// <summary>The level; 0 where the format has none.</summary>
    public int Level { get; }

    /// <summary>Length of all blocks but the last, in bytes of plain data. Each is compressed on its own.</summary>
    public int BlockSize => Engine.BlockSize;

    /// <summary>Everything that decides about the bytes, for people: <c>gzip: zlib-ng via .NET, level 5, blocks of 1 MiB</c>.</summary>
    public string Recipe => Engine.RecipeOf(Level);

    internal CompressionEngine Engine => CompressionEngine.Of(Format);

    /// <summary>The levels of a format.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The format is not written here.</exception>
    public static CompressionLevels LevelsOf(CompressionFormat format) => CompressionEngine.Of(format).Levels;

    /// <inheritdoc cref="Recipe"/>
    public override string ToString() => Recipe;
}
