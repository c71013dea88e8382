using System.Text.Json;

namespace Ipdr.Cli.Tests;

/// <summary><c>ipdr copy</c> with the options that change the form of images.</summary>
public sealed class ConvertingCopyCommandTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--compression", "lz4")]
    [InlineData("--level", "4")]
    [InlineData("--recipe", "ipdr-deflate/1")]
    [InlineData("--annotate-recipe")]
    [InlineData("--level", "4", "--media-types", "docker")]
    [InlineData("--compression", "none", "--level", "4")]
    [InlineData("--compression", "preserve", "--recipe", "zstdsharp/0.8.8")]
    [InlineData("--compression", "gzip", "--recipe", "zstdsharp/0.8.8")]
    [InlineData("--compression", "gzip", "--level", "10")]
    [InlineData("--compression", "zstd", "--level", "23")]
    [InlineData("--compression", "zstd", "--annotate-recipe", "--media-types", "docker")]
    [InlineData("--digest", "md5")]
    [InlineData("--media-types", "v2s2")]
    [InlineData("--compression", "zstd", "--referrers")]
    public async Task Wishes_that_contradict_each_other_are_wrong_usage(params string[] options)
    {
        (int code, string output, string error) = await IpdrProcess.RunAsync(["copy", $"oci:{_folder["nowhere"]}", $"oci:{_folder["a"]}", .. options]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("ipdr copy", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task It_says_loudly_what_the_digest_was_and_is_and_leaves_nothing_behind()
    {
        Assert.Equal(0, (await IpdrProcess.RunAsync("copy", CommandFolder.Archive("docker2010-one.tar"), $"oci:{_folder["a"]}")).Code);
        string before = (await IpdrProcess.RunAsync("inspect", "-s", $"oci:{_folder["a"]}")).Output.Trim();
        (int code, string output, string error) = await IpdrProcess.RunInShellAsync(
            _folder.Path, "XDG_CACHE_HOME=$PWD/cache \"$@\"", "copy", "--json", "oci:a", "oci:b", "--compression", "zstd", "--level", "5", "--annotate-recipe");
        Assert.Equal(0, code);
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement image = Assert.Single(document.RootElement.GetProperty("images").EnumerateArray());
        Assert.Equal(before, image.GetProperty("originalDigest").GetString());
        string after = image.GetProperty("manifest").GetProperty("digest").GetString()!;
        JsonElement warning = Assert.Single(document.RootElement.GetProperty("warnings").EnumerateArray());
        Assert.Equal(("digest-changed", before, after), (warning.GetProperty("code").GetString(), warning.GetProperty("expected").GetString(), warning.GetProperty("actual").GetString()));
        Assert.Contains("[digest-changed]", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder["cache"], "ipdr")));

        using JsonDocument manifest = JsonDocument.Parse((await IpdrProcess.RunAsync("inspect", "--raw", $"oci:{_folder["b"]}")).Output);
        Assert.All(manifest.RootElement.GetProperty("layers").EnumerateArray(), layer =>
        {
            Assert.EndsWith("+zstd", layer.GetProperty("mediaType").GetString(), StringComparison.Ordinal);
            Assert.Contains("level=5", layer.GetProperty("annotations").GetProperty("io.ipdr.layer.recipe").GetString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Through_a_pipe_comes_what_convert_makes()
    {
        byte[] archive = await File.ReadAllBytesAsync(CommandFolder.Archive("docker2010-one.tar"), TestContext.Current.CancellationToken);
        string[] form = ["--compression", "none", "--media-types", "docker"];
        string converted = (await IpdrProcess.RunAsync(["convert", CommandFolder.Archive("docker2010-one.tar"), "--dry-run", "-s", .. form])).Output;
        (int code, string output, string error) = await IpdrProcess.RunAsync(archive, ["copy", "-s", "-", $"oci:{_folder["a"]}", .. form]);
        Assert.Equal((0, converted, ""), (code, output, error));
    }

    [Fact]
    public async Task A_damaged_layer_stops_it_and_nothing_is_left_behind()
    {
        Assert.Equal(0, (await IpdrProcess.RunAsync("copy", CommandFolder.Archive("docker2010-one.tar"), $"oci:{_folder["a"]}")).Code);
        string layer = Directory.EnumerateFiles(Path.Combine(_folder["a"], "blobs", "sha256")).MaxBy(path => new FileInfo(path).Length)!;
        byte[] content = await File.ReadAllBytesAsync(layer, TestContext.Current.CancellationToken);
        content[^1] ^= 1;
        await File.WriteAllBytesAsync(layer, content, TestContext.Current.CancellationToken);
        (int code, string output, string error) = await IpdrProcess.RunInShellAsync(_folder.Path, "XDG_CACHE_HOME=$PWD/cache \"$@\"", "copy", "oci:a", "oci:b", "--compression", "zstd");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains($"oci:a › sha256:{Path.GetFileName(layer)}: the content does not have the digest that names it", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder["cache"], "ipdr")));
        Assert.False(Path.Exists(_folder["b"]));
    }

    [Fact]
    public async Task A_place_of_plain_layers_is_refused_before_the_source_is_opened()
    {
        (int code, string output, string error) = await IpdrProcess.RunAsync("copy", $"oci:{_folder["nowhere"]}", $"docker-archive:{_folder["a.tar"]}", "--compression", "zstd");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("holds plain layers", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }
}
