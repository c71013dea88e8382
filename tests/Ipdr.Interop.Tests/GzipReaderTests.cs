using System.Security.Cryptography;
using Ipdr.Interop.Tests.Archives;
using Ipdr.Interop.Tests.Layouts;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests;

/// <summary>What our encoder writes is read by inflaters that others wrote, at every level.</summary>
public sealed class GzipReaderTests
{
    private const int Levels = 9;

    // More than a block of the recipe, and not a multiple of anything.
    private const int LayerBytes = (3 << 19) + 12_345;

    [Theory]
    [InlineData("gzip")]
    [InlineData("pigz")]
    [InlineData("libdeflate-gzip")]
    [InlineData("igzip")]
    public async Task A_program_finds_every_level_sound(string name)
    {
        ExternalProgram program = ExternalProgram.Require(name);
        await ForEachLevelAsync(async (folder, layout) =>
        {
            LayoutNode layer = Assert.Single(Assert.Single(layout.Images).Layers);
            string file = folder["layer.gz"];
            File.Copy(layout.PathOf(layer.Digest), file, overwrite: true);
            (await program.RunAsync("-t", file)).OrFail();
        });
    }

    /// <summary>Go's reader: skopeo decompresses the layer, and the result has the digest of the plain layer.</summary>
    [Fact]
    public async Task Skopeo_decompresses_every_level()
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        await ForEachLevelAsync(async (folder, layout) =>
        {
            LayoutNode image = Assert.Single(layout.Images);
            using TemporaryFolder plain = new();
            (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "--dest-decompress", $"oci:{layout.Path}", $"dir:{plain.Path}")).OrFail();
            string diffId = Assert.Single(image.DiffIds);
            await using FileStream layer = File.OpenRead(plain[diffId.Split(':')[1]]);
            Assert.Equal(diffId, "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(layer, TestContext.Current.CancellationToken)));
        });
    }

    private static async Task ForEachLevelAsync(Func<TemporaryFolder, OciLayoutFolder, Task> check)
    {
        using TemporaryFolder folder = new();
        GeneratedArchive archive = await GeneratedArchive.WriteAsync(folder["image.tar"], "gzip/reader:1", layers: 1, LayerBytes, seed: 3);
        for (int level = 1; level <= Levels; level++)
        {
            string destination = folder[$"level-{level}"];
            await IpdrProgram.ConvertAsync(archive.Path, destination, "--compression", "gzip", "--level", $"{level}");
            await check(folder, new OciLayoutFolder(destination));
        }
    }
}
