using System.Security.Cryptography;
using Ipdr.Interop.Tests.Engines;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Layouts;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests;

/// <summary>Archives that the tools of this very machine write convert, whatever their version is.</summary>
public sealed class ForeignWriterTests(PodmanStore store) : IClassFixture<PodmanStore>
{
    private static readonly string Parent = FixtureCatalogue.Named("docker28-whiteout.tar.xz").Path;

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public async Task Archives_of_podman_convert(string format)
    {
        using TemporaryFolder folder = new();
        string id = await store.ImageIdAsync(await store.LoadAsync(Parent));
        (await store.Podman.RunAsync("save", "--quiet", "--format", format, "--output", folder["a.tar"], id)).OrFail();
        await CheckConversionAsync(folder, format);
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public async Task Archives_of_buildah_convert(string format)
    {
        using TemporaryFolder folder = new();
        ExternalProgram buildah = store.Buildah;
        string container = (await buildah.RunAsync("from", "scratch")).OrFail().Text;
        (await buildah.RunAsync("add", "--quiet", container, Parent, "/data/archive.tar.xz")).OrFail();
        (await buildah.RunAsync("config", "--env", "A=b", "--label", "made=here", container)).OrFail();
        (await buildah.RunAsync("commit", "--quiet", "--rm", container, $"localhost/built:{format}")).OrFail();
        (await buildah.RunAsync("push", "--quiet", $"localhost/built:{format}", $"{format}:{folder["a.tar"]}:localhost/built:1")).OrFail();
        await CheckConversionAsync(folder, format);
    }

    [Theory]
    [InlineData("docker-archive", "")]
    [InlineData("oci-archive", "gzip")]
    [InlineData("oci-archive", "zstd")]
    public async Task Archives_of_skopeo_convert(string format, string compression)
    {
        using TemporaryFolder folder = new();
        string[] options = compression.Length == 0 ? [] : ["--dest-compress-format", compression];
        (await ExternalProgram.Require("skopeo").RunAsync(
            ["--insecure-policy", "copy", "--quiet", .. options, "docker-archive:" + Parent, $"{format}:{folder["a.tar"]}:some/name:1"])).OrFail();
        await CheckConversionAsync(folder, format);
    }

    /// <summary>What skopeo says of the archive must be what is in the layout.</summary>
    private static async Task CheckConversionAsync(TemporaryFolder folder, string format)
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        ProgramResult config = (await skopeo.RunAsync("inspect", "--raw", "--config", $"{format}:{folder["a.tar"]}")).OrFail();
        string expected = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(config.Output.Span));

        ConversionReport report = await IpdrProgram.ConvertInputAsync(folder["a.tar"], folder["layout"]);
        Assert.Equal(expected, Assert.Single(report.Images).ImageId);
        await LayoutCheck.AssertSoundAsync(folder["layout"]);
        Assert.Equal([expected], new OciLayoutFolder(folder["layout"]).ImageIds);
    }
}
