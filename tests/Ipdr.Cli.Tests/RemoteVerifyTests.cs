using System.Diagnostics;
using System.Text.Json;

namespace Ipdr.Cli.Tests;

/// <summary>Images of registries and engines as something to verify, on the command line.</summary>
public sealed class RemoteVerifyTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_image_of_a_registry_is_verified_while_it_comes()
    {
        string layout = _folder["layout"];
        Assert.Equal(0, (await IpdrProcess.RunAsync("convert", CommandFolder.Archive("docker2010-one.tar"), "-o", layout, "-s")).Code);
        using Process server = IpdrProcess.Start("serve", "--port", "0", layout);
        string host = new Uri((await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!).Authority;

        (int code, string output, _) = await IpdrProcess.RunAsync("verify", "--json", $"docker://{host}/fixture/one:1.0");
        Assert.Equal(0, code);
        JsonElement report = JsonDocument.Parse(output).RootElement;
        Assert.Equal($"docker://{host}/fixture/one:1.0", report.GetProperty("target").GetString());
        Assert.Equal(5, report.GetProperty("summary").GetProperty("blobs").GetInt32());

        File.Delete(Directory.EnumerateFiles(Path.Combine(layout, "blobs", "sha256")).MaxBy(path => new FileInfo(path).Length)!);
        (code, output, _) = await IpdrProcess.RunAsync("verify", $"docker://{host}/fixture/one:1.0");
        Assert.Equal(1, code);
        Assert.Contains("[missing-blob]", output, StringComparison.Ordinal);
        (_, output, _) = await IpdrProcess.RunAsync("verify", "--sarif", $"docker://{host}/fixture/one:1.0");
        Assert.Contains($"\"docker://{host}/fixture/one:1.0\"", output, StringComparison.Ordinal);
        (code, output, _) = await IpdrProcess.RunAsync("verify", $"docker://{host}/fixture/one:2.0");
        Assert.Equal(1, code);
        Assert.Contains("[not-found]", output, StringComparison.Ordinal);
        server.Kill();
        await server.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task All_that_a_registry_lists_is_verified_repository_by_repository_and_looked_into()
    {
        string layout = _folder["layout"];
        Assert.Equal(0, (await IpdrProcess.RunAsync("convert", CommandFolder.Archive("docker2010-multiimage.tar"), "-o", layout, "-s")).Code);
        using Process server = IpdrProcess.Start("serve", "--port", "0", layout);
        string host = new Uri((await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!).Authority;

        (int code, string output, _) = await IpdrProcess.RunAsync("verify", "--json", $"docker://{host}/*");
        Assert.Equal(0, code);
        JsonElement[] targets = [.. JsonDocument.Parse(output).RootElement.GetProperty("targets").EnumerateArray()];
        Assert.Equal(
            [$"docker://{host}/fixture/child:*", $"docker://{host}/fixture/one:*", $"docker://{host}/team/two:*"],
            targets.Select(target => target.GetProperty("target").GetString()).Order(StringComparer.Ordinal));
        (code, output, _) = await IpdrProcess.RunAsync("inspect", "--json", $"docker://{host}/fixture/*");
        Assert.Equal(0, code);
        Assert.Equal(
            [$"{host}/fixture/child:latest", $"{host}/fixture/one:1.0"],
            JsonDocument.Parse(output).RootElement.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("names")[0].GetString()).Order(StringComparer.Ordinal));

        Assert.Equal(2, (await IpdrProcess.RunAsync("inspect", "--raw", $"docker://{host}/*")).Code);
        (code, output, _) = await IpdrProcess.RunAsync("verify", $"docker://{host}/none/*");
        Assert.Equal(1, code);
        Assert.Contains("[not-found]", output, StringComparison.Ordinal);
        File.Delete(Directory.EnumerateFiles(Path.Combine(layout, "blobs", "sha256")).MaxBy(path => new FileInfo(path).Length)!);
        (code, output, _) = await IpdrProcess.RunAsync("verify", $"docker://{host}/*");
        Assert.Equal(1, code);
        Assert.Contains("[missing-blob]", output, StringComparison.Ordinal);
        server.Kill();
        await server.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_a_finding_and_the_other_places_are_verified()
    {
        using Process process = Process.Start(new ProcessStartInfo(IpdrProcess.Host, [IpdrProcess.Program, "verify", "--json", "docker-daemon:app", CommandFolder.Archive("docker2010-one.tar")])
        {
            RedirectStandardOutput = true,
            Environment = { ["DOCKER_HOST"] = $"unix://{_folder["none.sock"]}" },
        })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
        JsonElement[] targets = [.. JsonDocument.Parse(output).RootElement.GetProperty("targets").EnumerateArray()];
        Assert.Equal([false, true], targets.Select(target => target.GetProperty("ok").GetBoolean()));
        Assert.Equal("engine-unreachable", targets[0].GetProperty("findings")[0].GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("docker-daemon:")]
    [InlineData("docker://")]
    [InlineData("docker://UPPER/case")]
    [InlineData("docker://host/app", "--cid", "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy")]
    [InlineData("docker://host/*", "--digest", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("docker-daemon:app", "--repair-from", "layout")]
    [InlineData("layout", "--repair-from", "docker://host/app")]
    public async Task What_makes_no_sense_there_is_refused(params string[] arguments)
    {
        (int code, _, string error) = await IpdrProcess.RunAsync(["verify", .. arguments]);
        Assert.Equal(2, code);
        Assert.StartsWith("ipdr verify: ", error, StringComparison.Ordinal);
    }
}
