using System.Text.Json;

namespace Ipdr.Cli.Tests;

/// <summary>The command as a process: exit codes, stdout, stderr.</summary>
public sealed class ConvertCommandTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    [Fact]
    public async Task Json_names_the_image_its_layers_and_the_output()
    {
        (int code, string output, _) = await IpdrProcess.RunAsync("convert", CommandFolder.Archive("docker2010-one.tar"), "-o", Out, "--json");
        Assert.Equal(0, code);
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement image = document.RootElement.GetProperty("images")[0];
        Assert.Equal("fixture/one:1.0", image.GetProperty("names")[0].GetString());
        Assert.Equal("sha256:f0fa1f4cfe3348d3ed652553851d50a1efbc8b6e51ef327596da41e6ce1d3ffc", image.GetProperty("imageId").GetString());
        Assert.Equal("linux/amd64", image.GetProperty("platform").GetString());
        Assert.Equal(3, image.GetProperty("layers").GetArrayLength());
        Assert.Equal("oci", document.RootElement.GetProperty("layout").GetString());
        Assert.Equal(Out, document.RootElement.GetProperty("output").GetString());
    }

    [Fact]
    public async Task A_broken_archive_gives_exit_code_1_a_message_and_no_output()
    {
        (int code, string output, string error) = await IpdrProcess.RunAsync("convert", CommandFolder.Archive("bad-diffid-mismatch.tar"), "-o", Out);
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains("digest-mismatch", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("convert")]
    [InlineData("convert", "x.tar", "--layout", "zip")]
    [InlineData("convert", "x.tar", "--level", "12")]
    [InlineData("convert", "x.tar", "--platform", "linux")]
    [InlineData("convert", "-")]
    [InlineData("frobnicate")]
    public async Task A_wrong_command_line_gives_exit_code_2(params string[] arguments)
    {
        (int code, string output, string error) = await IpdrProcess.RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task The_help_tells_each_default_once_in_the_words_of_the_command_line()
    {
        (int code, string output, _) = await IpdrProcess.RunAsync("convert", "--help");
        Assert.Equal(0, code);
        Assert.Contains("Default: auto.", output, StringComparison.Ordinal);
        Assert.Contains("Default: info.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("[default:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_exists_is_not_overwritten_without_being_named()
    {
        File.Copy(CommandFolder.Archive("docker2010-one.tar"), _folder["app.tar"]);
        Assert.Equal(0, (await IpdrProcess.RunAsync("convert", _folder["app.tar"])).Code);
        (int code, _, string error) = await IpdrProcess.RunAsync("convert", _folder["app.tar"]);
        Assert.Equal(1, code);
        Assert.Contains("destination-exists", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_glob_converts_several_archives_into_one_layout()
    {
        File.Copy(CommandFolder.Archive("docker2010-one.tar"), _folder["a.tar"]);
        File.Copy(CommandFolder.Archive("docker28-dup.tar"), _folder["b.tar"]);
        (int code, string output, _) = await IpdrProcess.RunAsync("convert", _folder["*.tar"], "-o", Out, "-s");
        Assert.Equal(0, code);
        Assert.Equal(2, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        using JsonDocument index = JsonDocument.Parse(File.ReadAllText(Path.Combine(Out, "index.json")));
        Assert.Equal(2, index.RootElement.GetProperty("manifests").GetArrayLength());
    }

    [Theory]
    [InlineData("registry-v2", "fixture/one/manifests/1.0")]
    [InlineData("registry-v2", "fixture/one/manifests/latest")]
    [InlineData("universal", "manifests/1.0")]
    [InlineData("universal", "oci-layout")]
    public async Task A_layout_has_the_files_of_its_kind(string layout, string file)
    {
        Assert.Equal(0, (await IpdrProcess.RunAsync("convert", CommandFolder.Archive("docker2010-one.tar"), "-o", Out, "--layout", layout)).Code);
        Assert.True(File.Exists(Path.Combine(Out, file)));
    }

    public void Dispose() => _folder.Dispose();

    private string Out => _folder["out"];
}
