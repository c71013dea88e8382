using System.CommandLine;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Cli.Commands;

/// <summary>The options that say which form images get: <c>ipdr convert</c> and <c>ipdr copy</c> have the same.</summary>
internal sealed class ConversionChoices
{
    private readonly Option<LayerCompression> _compression = Choices.Option(
        "--compression",
        "auto keeps compressed layers and gzips plain ones; preserve keeps all; the others change all that are different.",
        ("auto", LayerCompression.Auto), ("preserve", LayerCompression.Preserve), ("gzip", LayerCompression.Gzip), ("zstd", LayerCompression.Zstd), ("none", LayerCompression.None));

    private readonly Option<int?> _level = Choices.Number("--level", "Compression level: 1 to 9 for gzip, 1 to 22 for zstd. Default: 2.", 1, 22);

    private readonly Option<CompressionRecipe?> _recipe = Choices.Named(
        "--recipe",
        "The compressor and its version, for digests of an older release. Default: the newest of the format.",
        CompressionRecipe.Known.Where(recipe => recipe.Format != CompressionFormat.None), recipe => recipe.Name);

    private readonly Option<bool> _annotateRecipe = new("--annotate-recipe") { Description = "Say in an annotation how each layer was compressed, if it was compressed now." };

    private readonly Option<DigestAlgorithm?> _digest = Choices.OptionalOption(
        "--digest",
        "The algorithm of all digests. Default: those of the archive, and sha256 for what is new.",
        ("sha256", DigestAlgorithm.Sha256), ("sha512", DigestAlgorithm.Sha512), ("blake3", DigestAlgorithm.Blake3));

    private readonly Option<MediaTypeFamily> _mediaTypes =
        Choices.Option("--media-types", "The vocabulary of the manifests.", ("oci", MediaTypeFamily.Oci), ("docker", MediaTypeFamily.Docker));

    private ConversionChoices()
    {
    }

    /// <summary>Where every image is converted.</summary>
    public static ConversionChoices Always() => new();

    /// <summary>Where images stay as they are unless one of the options says otherwise.</summary>
    public static ConversionChoices OnRequest()
    {
        ConversionChoices choices = new();
        choices._compression.Description += " Without it and all options down to --media-types every byte stays.";
        return choices;
    }

    /// <summary>Gives them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in All)
            command.Options.Add(option);
    }

    /// <summary>What they say.</summary>
    /// <exception cref="UsageException">They contradict each other.</exception>
    public ConversionOptions Read(ParseResult parsed)
    {
        ConversionOptions options = new()
        {
            Compression = parsed.GetValue(_compression),
            Level = parsed.GetValue(_level),
            Recipe = parsed.GetValue(_recipe),
            AnnotateRecipe = parsed.GetValue(_annotateRecipe),
            Digest = parsed.GetValue(_digest),
            MediaTypes = parsed.GetValue(_mediaTypes),
        };
        if (options.Recipe is { } recipe && recipe.Format != options.WrittenFormat)
            throw new UsageException($"--recipe {recipe.Name} has nothing to act on: this --compression does not write {recipe.Format.ToString().ToLowerInvariant()}");
        if (options is { AnnotateRecipe: true, MediaTypes: MediaTypeFamily.Docker })
            throw new UsageException("--annotate-recipe needs --media-types oci: Docker's media types have no annotations");
        if (options.Level is { } level)
        {
            if (options.Levels is not { } levels)
                throw new UsageException($"--level {level} has nothing to act on: this --compression compresses nothing");
            if (level < levels.Min || level > levels.Max)
                throw new UsageException($"--level {level} is not between {levels.Min} and {levels.Max}");
        }
        return options;
    }

    /// <summary>What they say where images stay as they are unless it is said: how layers are compressed does not say that they are.</summary>
    /// <returns>Null where none of them was given.</returns>
    /// <exception cref="UsageException">They contradict each other, or nothing is to be compressed.</exception>
    public ConversionOptions? ReadChange(ParseResult parsed)
    {
        if (!All.Any(option => IsGiven(parsed, option)))
            return null;
        ConversionOptions options = Read(parsed);
        if (!IsGiven(parsed, _compression) && new Option[] { _level, _recipe, _annotateRecipe }.FirstOrDefault(option => IsGiven(parsed, option)) is { } how)
            throw new UsageException($"{how.Name} has nothing to act on: layers stay as they are without --compression");
        return options;
    }

    private Option[] All => [_compression, _level, _recipe, _annotateRecipe, _digest, _mediaTypes];

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
