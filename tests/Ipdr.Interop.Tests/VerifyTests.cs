using System.Text.Json;
using Ipdr.Interop.Tests.Archives;
using Ipdr.Interop.Tests.Engines;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>What the tools of this machine write is sound: no error, whatever they have a taste for.</summary>
public sealed class VerifyTests(PodmanStore store, DockerEngine engine, DistributionServer registry) : IClassFixture<PodmanStore>, IClassFixture<DockerEngine>, IClassFixture<DistributionServer>
{
    private static readonly string Parent = FixtureCatalogue.Named("docker28-whiteout.tar.xz").Path;

    [Theory]
    [InlineData("oci", "gzip")]
    [InlineData("oci", "zstd")]
    [InlineData("oci-archive", "gzip")]
    [InlineData("docker-archive", "")]
    [InlineData("dir", "gzip")]
    public async Task What_skopeo_writes_is_sound(string format, string compression)
    {
        using TemporaryFolder folder = new();
        string[] options = compression.Length == 0 ? [] : ["--dest-compress-format", compression];
        // Else it leaves layers of archives plain there, and calls them gzip.
        if (format == "dir")
            options = [.. options, "--dest-compress"];
        (await ExternalProgram.Require("skopeo").RunAsync(
            ["--insecure-policy", "copy", "--quiet", .. options, "docker-archive:" + Parent, format == "dir" ? $"dir:{folder["out"]}" : $"{format}:{folder["out"]}:some/name:1"])).OrFail();
        await AssertSoundAsync(folder["out"]);
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    [InlineData("oci-dir")]
    public async Task What_podman_saves_is_sound(string format)
    {
        using TemporaryFolder folder = new();
        string id = await store.ImageIdAsync(await store.LoadAsync(Parent));
        (await store.Podman.RunAsync("save", "--quiet", "--format", format, "--output", folder["out"], id)).OrFail();
        await AssertSoundAsync(folder["out"]);
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("docker-archive")]
    public async Task What_buildah_pushes_is_sound(string format)
    {
        using TemporaryFolder folder = new();
        ExternalProgram buildah = store.Buildah;
        string container = (await buildah.RunAsync("from", "scratch")).OrFail().Text;
        (await buildah.RunAsync("add", "--quiet", container, Parent, "/data/archive.tar.xz")).OrFail();
        (await buildah.RunAsync("commit", "--quiet", "--rm", container, $"localhost/verified:{format}")).OrFail();
        (await buildah.RunAsync("push", "--quiet", $"localhost/verified:{format}", $"{format}:{folder["out"]}:localhost/verified:1")).OrFail();
        await AssertSoundAsync(folder["out"]);
    }

    [Fact]
    public async Task What_umoci_makes_is_sound()
    {
        using TemporaryFolder folder = new();
        ExternalProgram umoci = ExternalProgram.Require("umoci");
        (await umoci.RunAsync("init", "--layout", folder["out"])).OrFail();
        (await umoci.RunAsync("new", "--image", folder["out"] + ":made")).OrFail();
        (await umoci.RunAsync("insert", "--rootless", "--image", folder["out"] + ":made", Parent, "/data/archive.tar.xz")).OrFail();
        (await umoci.RunAsync("config", "--image", folder["out"] + ":made", "--config.env", "A=b")).OrFail();
        (await umoci.RunAsync("gc", "--layout", folder["out"])).OrFail();
        await AssertSoundAsync(folder["out"]);
    }

    [Fact]
    public async Task What_an_engine_and_a_registry_give_out_is_sound()
    {
        ExternalProgram ipdr = IpdrProgram.Program with { Environment = new Dictionary<string, string> { ["DOCKER_HOST"] = engine.Host } };
        using TemporaryFolder folder = new();
        (await ipdr.RunAsync("convert", Parent, "-o", folder["layout"], "--silent")).OrFail();
        (await engine.Client.RunAsync("load", "--input", FixtureCatalogue.Named("docker2010-one.tar").Path)).OrFail();
        await AssertSoundAsync("docker-daemon:fixture/one:1.0", ipdr);
        (await ipdr.RunAsync("copy", $"oci:{folder["layout"]}", $"docker://{registry.Host}/verified:1")).OrFail();
        await AssertSoundAsync($"docker://{registry.Host}/verified:1");
        Assert.Equal(1, (await ipdr.RunAsync("verify", $"docker://{registry.Host}/verified:2", "docker-daemon:no/such:1")).ExitCode);
    }

    [Fact]
    public async Task What_rots_on_the_disk_of_a_registry_is_found()
    {
        using TemporaryFolder folder = new();
        // Of its own: a registry keeps equal blobs of all its repositories once.
        GeneratedArchive archive = await GeneratedArchive.WriteAsync(folder["rotten.tar"], "rotten:1", layers: 2, bytesPerLayer: 300_000, seed: 4711);
        (await IpdrProgram.Program.RunAsync("copy", archive.Path, $"docker://{registry.Host}/rotten:1")).OrFail();
        registry.Damage("rotten");
        ProgramResult result = await IpdrProgram.Program.RunAsync("verify", "--json", $"docker://{registry.Host}/rotten:1");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("digest-mismatch", result.Text, StringComparison.Ordinal);
    }

    private static async Task AssertSoundAsync(string path, ExternalProgram? program = null)
    {
        ProgramResult result = await (program ?? IpdrProgram.Program).RunAsync("verify", "--json", path);
        using JsonDocument report = JsonDocument.Parse(result.Output);
        Assert.Equal([], report.RootElement.GetProperty("findings").EnumerateArray()
            .Where(finding => finding.GetProperty("severity").GetString() == "error").Select(finding => finding.ToString()));
        Assert.Equal(0, result.ExitCode);
        Assert.True(report.RootElement.GetProperty("summary").GetProperty("blobs").GetInt32() > 1);
    }
}
