using System.Diagnostics;
using System.Text.Json;

namespace Ipdr.Cli.Tests;

/// <summary>The store as something to verify, on the command line.</summary>
public sealed class StoreVerifyTests : IDisposable
{
    private const string Name = "store:fixture/one:1.0";

    private static readonly string Archive = CommandFolder.Archive("docker2010-one.tar");

    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("store:")]
    [InlineData(Name)]
    public async Task A_sound_store_gives_exit_code_0_and_one_line(string place)
    {
        await PushAsync();
        (int code, string output, string error) = await RunAsync("verify", place);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("sound", Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotten_blob_is_found_in_every_form_of_the_report_and_comes_back()
    {
        await PushAsync();
        string blob = Directory.EnumerateFiles(_folder["home/blobs/sha256"]).MaxBy(path => new FileInfo(path).Length)!;
        byte[] bytes = await File.ReadAllBytesAsync(blob, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(blob, bytes, TestContext.Current.CancellationToken);

        (int code, string json, _) = await RunAsync("verify", "store:", "--json");
        Assert.Equal(1, code);
        JsonElement report = JsonDocument.Parse(json).RootElement;
        Assert.Equal("store", report.GetProperty("target").GetString());
        Assert.Equal("digest-mismatch", report.GetProperty("findings")[0].GetProperty("code").GetString());
        (code, string sarif, _) = await RunAsync("verify", Name, "--sarif");
        Assert.Equal(1, code);
        Assert.Contains(Path.GetFileName(blob), sarif, StringComparison.Ordinal);
        (code, string silent, _) = await RunAsync("verify", "store:", "-s");
        Assert.Equal((1, ""), (code, silent));

        (code, string text, _) = await RunAsync("verify", Name, "--repair-from", _folder["layout"]);
        Assert.Equal(0, code);
        Assert.Contains($"repaired: blobs/sha256/{Path.GetFileName(blob)}", text, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("verify", "store:")).Code);
    }

    [Fact]
    public async Task A_layout_is_repaired_from_the_store()
    {
        await PushAsync();
        string layout = _folder["layout"], blob = Directory.EnumerateFiles(Path.Combine(layout, "blobs", "sha256")).MaxBy(path => new FileInfo(path).Length)!;
        File.Delete(blob);
        Assert.Equal(1, (await RunAsync("verify", layout)).Code);
        Assert.Equal(0, (await RunAsync("verify", layout, "--repair-from", "store:")).Code);
        Assert.True(File.Exists(blob));
    }

    [Fact]
    public async Task The_CID_and_the_digest_that_an_image_should_have_are_held_against_it()
    {
        string cid = await PushAsync();
        using JsonDocument listed = JsonDocument.Parse((await RunAsync("list", "--json")).Output);
        string digest = listed.RootElement.GetProperty("images")[0].GetProperty("digest").GetString()!;
        Assert.Equal(0, (await RunAsync("verify", Name, "--cid", cid, "--digest", digest)).Code);
        (int code, string output, _) = await RunAsync("verify", Name, "--cid", "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy");
        Assert.Equal(1, code);
        Assert.Contains("cid-mismatch", output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("verify", "store:", "--digest", $"sha256:{new string('0', 64)}")).Code);
    }

    [Fact]
    public async Task What_the_store_has_not_is_not_found()
    {
        await PushAsync();
        (int code, string output, _) = await RunAsync("verify", "store:no/such:1");
        Assert.Equal(1, code);
        Assert.Contains("[not-found]", output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("verify", "store:fixture/one:2.0", "store:")).Code);
    }

    [Theory]
    [InlineData("verify", "store:NO")]
    [InlineData("verify", "store:", "--cid", "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy", "--cid-blocks", "x.car")]
    public async Task A_wrong_command_line_gives_exit_code_2(params string[] arguments) => Assert.Equal(2, (await RunAsync(arguments)).Code);

    // The image goes into the store as it is in a layout beside.
    private async Task<string> PushAsync()
    {
        Assert.Equal(0, (await RunAsync("convert", Archive, "-o", _folder["layout"], "-s")).Code);
        (int code, string output, string error) = await RunAsync("push", Archive, "-s");
        Assert.True(code == 0, error);
        return output.Trim();
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(IpdrProcess.Host, [IpdrProcess.Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["IPDR_HOME"] = _folder["home"] },
        })!;
        CancellationToken token = TestContext.Current.CancellationToken;
        Task<string> output = process.StandardOutput.ReadToEndAsync(token), error = process.StandardError.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        return (process.ExitCode, await output, await error);
    }
}
