using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ipdr.Cli.Tests;

/// <summary><c>ipdr copy</c> and <c>ipdr inspect</c> as processes: exit codes, stdout, stderr.</summary>
public sealed class CopyCommandTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_result_is_on_stdout_and_the_progress_is_not()
    {
        (int code, string output, string error) = await IpdrProcess.RunAsync("copy", CommandFolder.Archive("docker2010-one.tar"), $"oci:{_folder["a"]}");
        Assert.Equal(0, code);
        Assert.StartsWith($"oci:{_folder["a"]}:1.0\n  manifest  sha256:", output, StringComparison.Ordinal);
        Assert.Contains("sha256:", error, StringComparison.Ordinal);

        (code, output, error) = await IpdrProcess.RunAsync("copy", "--silent", $"oci:{_folder["a"]}", $"oci-archive:{_folder["b.tar"]}");
        Assert.Equal((0, ""), (code, error));
        Assert.Matches("^sha256:[0-9a-f]{64}\n$", output);
    }

    [Fact]
    public async Task Json_tells_what_was_copied_and_what_could_not_be_kept()
    {
        (int code, string output, string error) = await IpdrProcess.RunAsync("copy", "--json", CommandFolder.Archive("docker2010-one.tar"), $"docker-archive:{_folder["a.tar"]}");
        Assert.Equal(0, code);
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement image = Assert.Single(document.RootElement.GetProperty("images").EnumerateArray());
        Assert.Equal($"docker-archive:{_folder["a.tar"]}", image.GetProperty("reference").GetString());
        Assert.Single(image.GetProperty("imageIds").EnumerateArray());
        Assert.True(document.RootElement.GetProperty("copiedBytes").GetInt64() > 0);
        Assert.Equal("digest-changed", Assert.Single(document.RootElement.GetProperty("warnings").EnumerateArray()).GetProperty("code").GetString());
        Assert.Contains("[digest-changed]", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_images_one_that_fails_is_named_and_the_others_are_there()
    {
        string[] sources = [CommandFolder.Archive("docker2010-one.tar"), $"oci:{_folder["none"]}"];
        (int code, string output, string error) = await IpdrProcess.RunAsync(["copy", "--json", "--keep-going", .. sources, $"oci:{_folder["a"]}"]);
        Assert.Equal(1, code);
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Single(document.RootElement.GetProperty("images").EnumerateArray());
        JsonElement failed = Assert.Single(document.RootElement.GetProperty("failed").EnumerateArray());
        Assert.Equal(($"oci:{_folder["none"]}", true), (failed.GetProperty("image").GetString(), failed.GetProperty("tried").GetBoolean()));
        Assert.True(Assert.Single(failed.GetProperty("faults").EnumerateArray()).GetProperty("message").GetString()!.Length > 0);
        Assert.Contains($"ipdr: not copied: oci:{_folder["none"]}: ", error, StringComparison.Ordinal);
        Assert.Contains("ipdr: 1 of 2 images copied", error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder["a"], "index.json")));

        (code, output, error) = await IpdrProcess.RunAsync(["copy", "--keep-going", .. sources, $"oci-archive:{_folder["b.tar"]}"]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("--keep-going has nothing to act on", error, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder["b.tar"]));
    }

    [Fact]
    public async Task What_can_hold_no_signatures_refuses_them_and_what_can_says_what_went_along()
    {
        (int code, string output, string error) = await IpdrProcess.RunAsync("copy", "--referrers", CommandFolder.Archive("docker2010-one.tar"), $"docker-archive:{_folder["a.tar"]}");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("leave --referrers out", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));

        (code, output, _) = await IpdrProcess.RunAsync("copy", "--referrers", "--json", CommandFolder.Archive("docker2010-one.tar"), $"oci:{_folder["b"]}");
        Assert.Equal(0, code);
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Empty(document.RootElement.GetProperty("images")[0].GetProperty("referrers").EnumerateArray());

        (code, output, _) = await IpdrProcess.RunAsync("inspect", "--referrers", "--json", $"oci:{_folder["b"]}");
        Assert.Equal(0, code);
        using JsonDocument seen = JsonDocument.Parse(output);
        Assert.Empty(seen.RootElement.GetProperty("images")[0].GetProperty("manifest").GetProperty("referrers").EnumerateArray());
    }

    [Fact]
    public async Task The_last_of_several_places_is_the_destination()
    {
        (int code, string output, _) = await IpdrProcess.RunAsync("copy", CommandFolder.Archive("docker2010-one.tar"), CommandFolder.Archive("buildx-docker-zstd.tar"), "-s", $"oci:{_folder["a"]}");
        Assert.Equal((0, 2), (code, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.Equal(2, (await IpdrProcess.RunAsync("list", "-s", $"oci:{_folder["a"]}")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        (code, _, string error) = await IpdrProcess.RunAsync("copy", CommandFolder.Archive("docker2010-one.tar"));
        Assert.Equal(2, code);
        Assert.Contains("DST is missing", error, StringComparison.Ordinal);
        (code, _, error) = await IpdrProcess.RunAsync("copy", "-", "-", $"oci:{_folder["b"]}");
        Assert.Equal(2, code);
        Assert.Contains("standard input can be read once", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_names_in_a_place_are_listed()
    {
        string archive = CommandFolder.Archive("docker2010-multiimage.tar");
        Assert.Equal((0, "fixture/child:latest\nfixture/one:1.0\nlocalhost:5000/team/two:v2\n", ""), await IpdrProcess.RunAsync("list", archive, "-s"));
        using JsonDocument document = JsonDocument.Parse((await IpdrProcess.RunAsync("list", archive, "--json")).Output);
        JsonElement first = document.RootElement.GetProperty("images")[0];
        Assert.Equal("fixture/child:latest", first.GetProperty("name").GetString());
        Assert.StartsWith("sha256:", first.GetProperty("digest").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await IpdrProcess.RunAsync("list", _folder["absent.tar"])).Code);
    }

    [Fact]
    public async Task An_archive_goes_through_pipes()
    {
        byte[] input = await File.ReadAllBytesAsync(CommandFolder.Archive("docker2010-one.tar"), TestContext.Current.CancellationToken);
        (int code, _, _) = await IpdrProcess.RunAsync(input, "copy", "-", $"docker-archive:{_folder["a.tar"]}");
        Assert.Equal(0, code);
        using System.Diagnostics.Process process = IpdrProcess.Start("copy", _folder["a.tar"], "-");
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using MemoryStream piped = new();
        await process.StandardOutput.BaseStream.CopyToAsync(piped, TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("image ID", await error, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllBytesAsync(_folder["a.tar"], TestContext.Current.CancellationToken), piped.ToArray());
        piped.Position = 0;
        using TarReader tar = new(piped);
        List<string> names = [];
        while (await tar.GetNextEntryAsync(cancellationToken: TestContext.Current.CancellationToken) is { } entry)
            names.Add(entry.Name);
        Assert.Equal("manifest.json", names[^1]);
    }

    [Theory]
    [InlineData("copy")]
    [InlineData("copy", "oci:x")]
    [InlineData("copy", "oci:", "oci:y")]
    [InlineData("copy", "oci:x", "oci:y", "--platform", "linux/amd64", "--all-platforms")]
    [InlineData("copy", "oci:x", "oci:y", "--parallel", "0")]
    [InlineData("inspect")]
    [InlineData("inspect", "oci:x", "--raw", "--json")]
    [InlineData("inspect", "oci:x", "--raw", "--referrers")]
    public async Task A_wrong_command_line_gives_exit_code_2(params string[] arguments)
    {
        (int code, string output, string error) = await IpdrProcess.RunAsync(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task A_failure_gives_exit_code_1_and_says_what_to_do()
    {
        (int code, string output, string error) = await IpdrProcess.RunAsync("copy", $"oci:{_folder["nowhere"]}", $"oci:{_folder["a"]}");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("[missing-index]", error, StringComparison.Ordinal);
        Assert.Contains("Check the path.", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task What_is_in_a_place_is_shown_as_lines_as_json_and_as_it_is()
    {
        string archive = CommandFolder.Archive("buildx-oci-attest.tar");
        (int code, string lines, _) = await IpdrProcess.RunAsync("inspect", archive);
        Assert.Equal(0, code);
        Assert.Contains("  index sha256:", lines, StringComparison.Ordinal);
        Assert.Contains("    image sha256:", lines, StringComparison.Ordinal);
        Assert.Contains("    attestation sha256:", lines, StringComparison.Ordinal);
        Assert.Contains("      config (image ID) sha256:", lines, StringComparison.Ordinal);

        using JsonDocument document = JsonDocument.Parse((await IpdrProcess.RunAsync("inspect", archive, "--json")).Output);
        JsonElement root = Assert.Single(document.RootElement.GetProperty("images").EnumerateArray()).GetProperty("manifest");
        Assert.Equal(["image", "attestation"], root.GetProperty("manifests").EnumerateArray().Select(manifest => manifest.GetProperty("kind").GetString()));
        Assert.All(root.GetProperty("manifests")[0].GetProperty("layers").EnumerateArray(), layer => Assert.StartsWith("sha256:", layer.GetProperty("diffId").GetString(), StringComparison.Ordinal));

        string raw = (await IpdrProcess.RunAsync("inspect", archive, "--raw")).Output;
        Assert.Equal(root.GetProperty("digest").GetString(), $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(raw)))}");
        Assert.Equal(root.GetProperty("digest").GetString() + "\n", (await IpdrProcess.RunAsync("inspect", archive, "-s")).Output);
        string config = (await IpdrProcess.RunAsync("inspect", archive, "--config")).Output;
        Assert.Equal(root.GetProperty("manifests")[0].GetProperty("config").GetProperty("digest").GetString(), $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(config)))}");
    }
}
