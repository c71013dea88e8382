using System.Diagnostics;
using System.Text.Json;

namespace Ipdr.Cli.Tests;

/// <summary>The command as a process: exit codes, stdout, stderr.</summary>
public sealed class ConvertCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ipdr-cli-").FullName;

    [Fact]
    public async Task Json_names_the_image_its_layers_and_the_output()
    {
        (int code, string output, _) = await RunAsync("convert", Archive("docker2010-one.tar"), "-o", Out, "--json");
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
    public async Task Json_and_annotation_name_the_recipe_of_layers_that_were_compressed()
    {
        (int code, string output, _) = await RunAsync("convert", Archive("docker2010-one.tar"), "-o", Out, "--json", "--level", "4", "--recipe", "ipdr-deflate/1", "--annotate-recipe");
        Assert.Equal(0, code);
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement image = document.RootElement.GetProperty("images")[0];
        JsonElement recipe = image.GetProperty("layers")[0].GetProperty("recipe");
        Assert.Equal("ipdr-deflate/1", recipe.GetProperty("name").GetString());
        Assert.Equal(4, recipe.GetProperty("level").GetInt32());
        Assert.Equal(1 << 20, recipe.GetProperty("blockSize").GetInt32());
        string manifest = image.GetProperty("manifest").GetProperty("digest").GetString()!;
        using JsonDocument written = JsonDocument.Parse(File.ReadAllText(Path.Combine(Out, "blobs", "sha256", manifest.Split(':')[1])));
        Assert.All(written.RootElement.GetProperty("layers").EnumerateArray(), layer =>
            Assert.Equal("ipdr-deflate/1 level=4 block=1048576", layer.GetProperty("annotations").GetProperty("io.ipdr.layer.recipe").GetString()));
    }

    [Fact]
    public async Task A_layer_that_is_kept_has_no_recipe()
    {
        Assert.Equal(0, (await RunAsync("convert", Archive("docker2010-one.tar"), "-o", Out)).Code);
        string again = Path.Combine(_folder, "again");
        using (Process tar = Process.Start("tar", ["-C", Out, "-cf", Path.Combine(_folder, "oci.tar"), "."]))
            await tar.WaitForExitAsync(TestContext.Current.CancellationToken);
        (int code, string output, _) = await RunAsync("convert", Path.Combine(_folder, "oci.tar"), "-o", again, "--json", "--annotate-recipe");
        Assert.Equal(0, code);
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.All(document.RootElement.GetProperty("images")[0].GetProperty("layers").EnumerateArray(),
            layer => Assert.Equal(JsonValueKind.Null, layer.GetProperty("recipe").ValueKind));
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(again, "blobs", "sha256")), file => File.ReadAllText(file).Contains("io.ipdr.layer.recipe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_recipe_is_answered_with_those_that_there_are()
    {
        (int code, _, string error) = await RunAsync("convert", "x.tar", "--recipe", "ipdr-deflate/9");
        Assert.Equal(2, code);
        Assert.Contains("ipdr-deflate/1, zstdsharp/0.8.8", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_archive_gives_exit_code_1_a_message_and_no_output()
    {
        (int code, string output, string error) = await RunAsync("convert", Archive("bad-diffid-mismatch.tar"), "-o", Out);
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains("digest-mismatch", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("convert")]
    [InlineData("convert", "x.tar", "--layout", "zip")]
    [InlineData("convert", "x.tar", "--level", "12")]
    [InlineData("convert", "x.tar", "--recipe", "zstdsharp/0.8.8")]
    [InlineData("convert", "x.tar", "--compression", "none", "--recipe", "ipdr-deflate/1")]
    [InlineData("convert", "x.tar", "--annotate-recipe", "--media-types", "docker")]
    [InlineData("convert", "x.tar", "--platform", "linux")]
    [InlineData("convert", "-")]
    [InlineData("frobnicate")]
    public async Task A_wrong_command_line_gives_exit_code_2(params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task What_exists_is_not_overwritten_without_being_named()
    {
        File.Copy(Archive("docker2010-one.tar"), Path.Combine(_folder, "app.tar"));
        Assert.Equal(0, (await RunAsync("convert", Path.Combine(_folder, "app.tar"))).Code);
        (int code, _, string error) = await RunAsync("convert", Path.Combine(_folder, "app.tar"));
        Assert.Equal(1, code);
        Assert.Contains("destination-exists", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_glob_converts_several_archives_into_one_layout()
    {
        File.Copy(Archive("docker2010-one.tar"), Path.Combine(_folder, "a.tar"));
        File.Copy(Archive("docker28-dup.tar"), Path.Combine(_folder, "b.tar"));
        (int code, string output, _) = await RunAsync("convert", Path.Combine(_folder, "*.tar"), "-o", Out, "-s");
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
        Assert.Equal(0, (await RunAsync("convert", Archive("docker2010-one.tar"), "-o", Out, "--layout", layout)).Code);
        Assert.True(File.Exists(Path.Combine(Out, file)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Out => Path.Combine(_folder, "out");

    private static string Archive(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ipdr.sln")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "tests", "fixtures", "archives", name);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "ipdr.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
