using Ipdr.Interop.Tests.Engines;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Layouts;
using Ipdr.Interop.Tests.Peers;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests;

/// <summary>podman loads what ipdr writes, and has the image it would have had from the archive.</summary>
public sealed class PodmanTests(ConvertedFixtures fixtures, PodmanStore store) : IClassFixture<PodmanStore>
{
    [Theory]
    [ClassData(typeof(GoodFixtures))]
    public async Task Podman_loads_every_image_of_the_layout_under_its_id(string fixture)
    {
        OciLayoutFolder layout = await fixtures.LayoutAsync(fixture);
        PeerJudgement judgement = new(Peer.Podman);
        foreach (LayoutNode image in layout.Images)
        {
            using LayoutView view = new(layout, image);
            ProgramResult load = await store.LoadAsync(view.Path);
            if (judgement.Accepted(load, image.Traits()))
                Assert.Equal(image.ImageId, await store.ImageIdAsync(load));
        }
        judgement.Conclude();
    }

    [Theory]
    [InlineData("docker2010-one.tar")]
    [InlineData("docker2010-duplayers.tar")]
    [InlineData("docker2010-special.tar.gz")]
    [InlineData("docker28-dup.tar")]
    [InlineData("docker28-whiteout.tar.xz")]
    [InlineData("docker26-one.tar.zst")]
    [InlineData("buildah128-docker-archive.tar")]
    [InlineData("skopeo122-docker-archive.tar")]
    [InlineData("composed-outer-exotic.tar")]
    [InlineData("composed-nix-stream.tar.gz")]
    public async Task Podman_has_the_same_image_and_files_from_the_archive_and_from_the_layout(string fixture)
    {
        OciLayoutFolder layout = await fixtures.LayoutAsync(fixture);
        LayoutNode image = Assert.Single(layout.Images);
        using TemporaryFolder folder = new();
        var ofArchive = await store.LookIntoAsync(await PlainArchiveAsync(FixtureCatalogue.Named(fixture), folder));

        using LayoutView view = new(layout, image);
        Assert.Equal(ofArchive, await store.LookIntoAsync(view.Path));

        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        (await skopeo.RunAsync("--insecure-policy", "copy", "--quiet", "oci:" + view.Reference, $"docker-archive:{folder["back.tar"]}:back:1")).OrFail();
        Assert.Equal(ofArchive, await store.LookIntoAsync(folder["back.tar"]));
    }

    /// <summary>podman 4.3 takes an archive that is compressed as a whole with xz or zstd, but not with gzip.</summary>
    private static async Task<string> PlainArchiveAsync(Fixture fixture, TemporaryFolder folder)
    {
        if (fixture.OuterCompression != "gzip")
            return fixture.Path;
        ProgramResult plain = (await ExternalProgram.Require("gzip").RunAsync("-dc", fixture.Path)).OrFail();
        await File.WriteAllBytesAsync(folder["plain.tar"], plain.Output, TestContext.Current.CancellationToken);
        return folder["plain.tar"];
    }
}
