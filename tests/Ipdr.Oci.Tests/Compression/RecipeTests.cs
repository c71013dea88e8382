using System.Security.Cryptography;
using System.Text;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Tests.Compression.Deflate;

namespace Ipdr.Oci.Tests.Compression;

/// <summary>A recipe gives the same bytes for ever: names and CIDs of images depend on them.</summary>
/// <remarks>
/// <c>tests/fixtures/recipes.txt</c> holds a digest for each recipe, level and kind of content. Where one of these tests fails, the change gave
/// a recipe other bytes: it needs a recipe with a new number, beside this one. test.sh runs these tests once more with the vector
/// instructions of the processor switched off.
/// </remarks>
public sealed class RecipeTests
{
    // More than a block, several regions, not a multiple of anything.
    private const int Length = (1 << 20) + 300_007;

    /// <summary>Set it to have the file written, and look at the difference.</summary>
    private const string UpdateVariable = "IPDR_WRITE_RECIPES";

    private static string Golden => Path.Combine(Fixtures.Root, "tests", "fixtures", "recipes.txt");

    [Fact]
    public async Task Every_recipe_gives_the_bytes_that_it_always_gave()
    {
        StringBuilder digests = new("# recipe, level, block size; content of RecipeTests; length and SHA-256 of what it becomes\n");
        foreach (CompressionRecipe recipe in CompressionRecipe.Known.Where(recipe => recipe.Format != CompressionFormat.None))
        {
            foreach (int level in LevelsOf(recipe))
            {
                foreach (string kind in Sample.Kinds)
                {
                    CompressionSettings settings = new(recipe, level);
                    byte[] compressed = await ParallelCompressorTests.CompressAsync(settings, Sample.OfLength(kind, Length), cores: 2, step: 100_001);
                    digests.Append($"{settings} {kind} {compressed.Length} {Convert.ToHexStringLower(SHA256.HashData(compressed))}\n");
                }
            }
        }
        if (Environment.GetEnvironmentVariable(UpdateVariable) is { Length: > 0 })
            await File.WriteAllTextAsync(Golden, digests.ToString(), TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllTextAsync(Golden, TestContext.Current.CancellationToken), digests.ToString());
    }

    [Fact]
    public void The_content_that_golden_digests_are_about_is_what_it_was()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string kind in Sample.Kinds)
            hash.AppendData(Sample.OfLength(kind, Length));
        Assert.Equal("9fdc3d0e8491f3a5afb7f9726dc0f6c6c6f81270baebf5a73404045e118bd7ad", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public async Task Nothing_is_a_gzip_member_and_a_zstd_frame_too()
    {
        byte[] gzip = await ParallelCompressorTests.CompressAsync(new CompressionSettings(CompressionFormat.Gzip), [], 1, 1);
        Assert.Equal("1f8b08000000000000ff03000000000000000000", Convert.ToHexStringLower(gzip));
        byte[] zstd = await ParallelCompressorTests.CompressAsync(new CompressionSettings(CompressionFormat.Zstd), [], 1, 1);
        Assert.Equal("28b52ffd2000010000", Convert.ToHexStringLower(zstd));
    }

    [Theory]
    [InlineData("ipdr-deflate/1", CompressionFormat.Gzip)]
    [InlineData("zstdsharp/0.8.8", CompressionFormat.Zstd)]
    public void A_recipe_is_found_by_its_name(string name, CompressionFormat format)
    {
        Assert.True(CompressionRecipe.TryFind(name, out CompressionRecipe? recipe));
        Assert.Equal(name, recipe.Name);
        Assert.Equal(format, recipe.Format);
        Assert.Same(recipe, CompressionRecipe.CurrentOf(format));
    }

    [Theory]
    [InlineData("ipdr-deflate/2")]
    [InlineData("IPDR-DEFLATE/1")]
    [InlineData("")]
    public void Other_names_are_no_recipes(string name) => Assert.False(CompressionRecipe.TryFind(name, out _));

    [Fact]
    public void The_recipe_of_zstd_names_the_version_that_runs() =>
        Assert.Equal($"zstdsharp/{typeof(ZstdSharp.Compressor).Assembly.GetName().Version!.ToString(3)}", CompressionRecipe.CurrentOf(CompressionFormat.Zstd).Name);

    [Fact]
    public void Settings_say_everything_that_decides_about_the_bytes()
    {
        Assert.Equal("ipdr-deflate/1 level=9 block=1048576", new CompressionSettings(CompressionFormat.Gzip, 9).ToString());
        Assert.Equal("zstdsharp/0.8.8 level=19 block=4194304", new CompressionSettings(CompressionFormat.Zstd, 19).ToString());
    }

    // All of ours; of zstd's a few, for the slowest take long.
    private static IEnumerable<int> LevelsOf(CompressionRecipe recipe) => recipe.Format == CompressionFormat.Gzip
        ? Enumerable.Range(recipe.Levels.Min, recipe.Levels.Max - recipe.Levels.Min + 1)
        : [recipe.Levels.Min, recipe.Levels.Default, 9];
}
