using System.Diagnostics.CodeAnalysis;
using Ipdr.Oci.Compression.Encoding;

namespace Ipdr.Oci.Compression;

/// <summary>A compressor whose output never changes: the same bytes at the same level, on every machine and in every release that knows it.</summary>
/// <remarks>What would change a byte is a new recipe with the next number; the old one stays. See <c>docs/recipe.md</c>.</remarks>
public sealed class CompressionRecipe
{
    private static readonly CompressionRecipe[] All = [.. CompressionEngine.All.Select(engine => new CompressionRecipe(engine))];

    private CompressionRecipe(CompressionEngine engine) => Engine = engine;

    /// <summary>All recipes, those that are used unless another is asked for first.</summary>
    public static IReadOnlyList<CompressionRecipe> Known => All;

    /// <summary>Name and version, as <c>ipdr-deflate/1</c>.</summary>
    public string Name => Engine.RecipeName;

    /// <summary>The format that is written.</summary>
    public CompressionFormat Format => Engine.Format;

    /// <summary>Length of all blocks but the last, in bytes of plain data. Each is compressed on its own.</summary>
    public int BlockSize => Engine.BlockSize;

    /// <summary>The levels that can be asked for.</summary>
    public CompressionLevels Levels => Engine.Levels;

    internal CompressionEngine Engine { get; }

    /// <summary>The recipe of a format that is used unless another is asked for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The format is not written here.</exception>
    public static CompressionRecipe CurrentOf(CompressionFormat format) => Array.Find(All, recipe => recipe.Format == format)
        ?? throw new ArgumentOutOfRangeException(nameof(format), format, "only gzip, zstd and plain bytes are written");

    /// <summary>Finds a recipe by its name.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out CompressionRecipe? recipe) =>
        (recipe = Array.Find(All, known => known.Name == name)) is not null;

    /// <inheritdoc cref="Name"/>
    public override string ToString() => Name;
}
