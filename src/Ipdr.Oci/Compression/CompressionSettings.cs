using Ipdr.Oci.Compression.Encoding;

namespace Ipdr.Oci.Compression;

/// <summary>What output of a <see cref="ParallelCompressor"/> depends on, besides its input: nothing else has a say.</summary>
public sealed record CompressionSettings
{
    /// <summary>Chooses a format's current recipe and how hard to try.</summary>
    /// <param name="format">None, gzip or zstd.</param>
    /// <param name="level">Within the levels of the recipe; null means its default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The format is not written here, or has no such level.</exception>
    public CompressionSettings(CompressionFormat format, int? level = null)
        : this(CompressionRecipe.CurrentOf(format), level)
    {
    }

    /// <summary>Chooses a recipe and how hard to try.</summary>
    /// <param name="recipe">Which compressor.</param>
    /// <param name="level">Within <see cref="CompressionRecipe.Levels"/>; null means the default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The recipe has no such level.</exception>
    public CompressionSettings(CompressionRecipe recipe, int? level = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        Recipe = recipe;
        Level = level ?? recipe.Levels.Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(Level, recipe.Levels.Min, nameof(level));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Level, recipe.Levels.Max, nameof(level));
    }

    /// <summary>Which compressor runs.</summary>
    public CompressionRecipe Recipe { get; }

    /// <summary>The level; 0 where the recipe has none.</summary>
    public int Level { get; }

    /// <summary>The format that is written.</summary>
    public CompressionFormat Format => Recipe.Format;

    internal CompressionEngine Engine => Recipe.Engine;

    /// <summary>Everything that decides about the bytes: <c>ipdr-deflate/1 level=6 block=1048576</c>.</summary>
    public override string ToString() => $"{Recipe.Name} level={Level} block={Recipe.BlockSize}";
}
