using System.Diagnostics;
using System.Text.Json;

namespace Ipdr.Cli.Tests;

/// <summary>The command as a process: exit codes, stdout in its forms, repair.</summary>
public sealed class VerifyCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ipdr-cli-").FullName;

    [Fact]
    public async Task A_sound_archive_gives_exit_code_0_and_one_line()
    {
        (int code, string output, string error) = await RunAsync("verify", Archive("docker2010-one.tar"));
        Assert.Equal(0, code);
        Assert.Empty(error);
        Assert.Contains("sound", Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_the_target_the_verdict_the_counts_and_the_findings()
    {
        (int code, string output, _) = await RunAsync("verify", "--json", Archive("bad-oci-size-mismatch.tar"));
        Assert.Equal(1, code);
        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(Archive("bad-oci-size-mismatch.tar"), report.GetProperty("target").GetString());
        Assert.False(report.GetProperty("ok").GetBoolean());
        Assert.Equal(1, report.GetProperty("summary").GetProperty("errors").GetInt32());
        Assert.True(report.GetProperty("summary").GetProperty("bytes").GetInt64() > 0);
        JsonElement finding = report.GetProperty("findings")[0];
        Assert.Equal("size-mismatch", finding.GetProperty("code").GetString());
        foreach (string member in (string[])["severity", "where", "message", "expected", "actual", "remedy"])
            Assert.NotEmpty(finding.GetProperty(member).GetString()!);
    }

    [Fact]
    public async Task Several_targets_and_globs_are_one_document()
    {
        (int code, string output, _) = await RunAsync("verify", "--json", Path.Combine(Path.GetDirectoryName(Archive("x"))!, "docker2010-*.tar"), "oci-archive:" + Archive("skopeo19-oci-archive.tar"));
        Assert.Equal(0, code);
        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.True(report.GetProperty("ok").GetBoolean());
        Assert.True(report.GetProperty("targets").GetArrayLength() > 4);
    }

    [Fact]
    public async Task Sarif_is_of_version_2_1_0_and_names_rule_level_and_file()
    {
        (int code, string output, _) = await RunAsync("verify", "--sarif", Archive("bad-diffid-mismatch.tar"), Archive("edge-no-end-blocks.tar"));
        Assert.Equal(1, code);
        JsonElement log = JsonDocument.Parse(output).RootElement, run = log.GetProperty("runs")[0];
        Assert.Equal("2.1.0", log.GetProperty("version").GetString());
        JsonElement[] results = [.. run.GetProperty("results").EnumerateArray()];
        Assert.Equal(["error", "warning"], results.Select(result => result.GetProperty("level").GetString()));
        JsonElement rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules");
        Assert.All(results, result => Assert.Equal(result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString()));
        Assert.EndsWith("bad-diffid-mismatch.tar", results[0].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strict_makes_warnings_fail()
    {
        Assert.Equal(0, (await RunAsync("verify", Archive("edge-no-end-blocks.tar"))).Code);
        Assert.Equal(1, (await RunAsync("verify", "--strict", Archive("edge-no-end-blocks.tar"))).Code);
    }

    [Fact]
    public async Task Quick_says_what_it_left_out()
    {
        (int code, string output, _) = await RunAsync("verify", "--quick", Archive("bad-diffid-mismatch.tar"));
        Assert.Equal(0, code);
        Assert.Contains("not decompressed", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("verify", "x", "--json", "--sarif")]
    [InlineData("verify", "x", "--max-layer-size", "big")]
    [InlineData("verify", "x", "--max-ratio", "0")]
    [InlineData("verify", "x", "--cid", "Qm")]
    [InlineData("verify", "oci:")]
    public async Task A_wrong_command_line_gives_exit_code_2(params string[] arguments) => Assert.Equal(2, (await RunAsync(arguments)).Code);

    [Fact]
    public async Task One_image_of_a_layout_is_checked_by_itself()
    {
        Assert.Equal(0, (await RunAsync("copy", "-s", Archive("docker2010-multiimage.tar"), $"universal:{_folder}/layout")).Code);
        (int code, string output, _) = await RunAsync("verify", "--json", $"oci:{_folder}/layout:1.0", $"universal:{_folder}/layout");
        Assert.Equal(0, code);
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement[] targets = [.. document.RootElement.GetProperty("targets").EnumerateArray()];
        Assert.True(targets[0].GetProperty("summary").GetProperty("blobs").GetInt32() < targets[1].GetProperty("summary").GetProperty("blobs").GetInt32());

        (code, output, _) = await RunAsync("verify", $"oci:{_folder}/layout:none");
        Assert.Equal(1, code);
        Assert.Contains("[not-found]", output, StringComparison.Ordinal);
        (code, _, string error) = await RunAsync("verify", $"docker-archive:{Archive("docker2010-one.tar")}:1.0");
        Assert.Equal(2, code);
        Assert.Contains("leave out :1.0", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_can_be_set()
    {
        (int code, string output, _) = await RunAsync("verify", "--max-layer-size", "1K", Archive("docker2010-one.tar"));
        Assert.Equal(1, code);
        Assert.Contains("--max-layer-size", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layout_is_repaired_from_the_archive_that_it_was_made_of()
    {
        string layout = Path.Combine(_folder, "layout");
        Assert.Equal(0, (await RunAsync("convert", Archive("podman58-oci-archive.tar"), "-o", layout, "-s")).Code);
        string blob = Directory.EnumerateFiles(Path.Combine(layout, "blobs", "sha256")).MaxBy(path => new FileInfo(path).Length)!;
        File.Delete(blob);
        Assert.Equal(1, (await RunAsync("verify", layout)).Code);
        (int code, string output, _) = await RunAsync("verify", layout, "--repair-from", Archive("podman58-oci-archive.tar"));
        Assert.Equal(0, code);
        Assert.Contains(Path.GetFileName(blob), output, StringComparison.Ordinal);
        Assert.True(File.Exists(blob));
    }

    [Fact]
    public async Task An_archive_on_standard_input_is_verified()
    {
        using Process process = Start("verify", "-");
        await using (FileStream file = File.OpenRead(Archive("bad-missing-layer.tar")))
            await file.CopyToAsync(process.StandardInput.BaseStream, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("missing-layer", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_code_has_its_place_in_the_documentation()
    {
        string text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Archive("x"))!, "..", "..", "..", "docs", "verify.md"));
        foreach (Oci.Verification.FindingCatalogue.Entry entry in Oci.Verification.FindingCatalogue.All)
            Assert.Contains($"| `{entry.Text}` | {entry.Severity.ToString().ToLowerInvariant()} |", text, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Archive(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ipdr.sln")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "tests", "fixtures", "archives", name);
    }

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "ipdr.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using Process process = Start(arguments);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
