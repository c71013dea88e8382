using Ipdr.Oci.Transfer;

namespace Ipdr.Oci.Tests.Transfer;

/// <summary>Places are read as skopeo reads them, and printed as they were written.</summary>
public sealed class ImagePlaceTests
{
    [Theory]
    [InlineData("docker-archive:a.tar", PlaceKind.DockerArchive, "a.tar", null)]
    [InlineData("docker-archive:dir/a.tar:example/x:1", PlaceKind.DockerArchive, "dir/a.tar", "example/x:1")]
    [InlineData("oci-archive:-", PlaceKind.OciArchive, "-", null)]
    [InlineData("oci:layout", PlaceKind.Oci, "layout", null)]
    [InlineData("oci:layout:latest", PlaceKind.Oci, "layout", "latest")]
    [InlineData("registry-v2:dir:team/app:2", PlaceKind.RegistryV2, "dir", "team/app:2")]
    [InlineData("universal:dir", PlaceKind.Universal, "dir", null)]
    [InlineData("car:with:colon.car", PlaceKind.Car, "with:colon.car", null)]
    [InlineData("dir:with:colon", PlaceKind.SkopeoFolder, "with:colon", null)]
    [InlineData("docker-daemon:dir:1", PlaceKind.DockerDaemon, "", "dir:1")]
    [InlineData("docker://localhost:5000/x:1", PlaceKind.Registry, "", "localhost:5000/x:1")]
    [InlineData("docker-daemon:alpine:3", PlaceKind.DockerDaemon, "", "alpine:3")]
    [InlineData("store:alpine", PlaceKind.Store, "", "alpine")]
    [InlineData("store:", PlaceKind.Store, "", null)]
    [InlineData("ipfs://bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e", PlaceKind.Ipfs, "", "bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e")]
    public void A_prefix_says_what_it_is(string text, PlaceKind kind, string location, string? reference)
    {
        ImagePlace place = ImagePlace.Parse(text);
        Assert.Equal(new ImagePlace(kind, location, reference), place);
        Assert.Equal(text, place.ToString());
    }

    [Theory]
    [InlineData("-", PlaceKind.Archive)]
    [InlineData("alpine:3", PlaceKind.DockerDaemon)]
    [InlineData("registry.example.com/team/app", PlaceKind.DockerDaemon)]
    [InlineData("localhost:5000/team/app:1", PlaceKind.DockerDaemon)]
    [InlineData("docker:dind", PlaceKind.DockerDaemon)]
    [InlineData("cat:1", PlaceKind.DockerDaemon)]
    [InlineData("./not/there", PlaceKind.Archive)]
    [InlineData("missing.tar", PlaceKind.Archive)]
    [InlineData("bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e", PlaceKind.Ipfs)]
    [InlineData("/ipfs/QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n", PlaceKind.Ipfs)]
    public void Without_one_it_is_told_by_its_form(string text, PlaceKind kind) => Assert.Equal(kind, ImagePlace.Parse(text).Kind);

    [Fact]
    public void What_is_there_is_told_by_its_content()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("saved"), []);
        Directory.CreateDirectory(folder.File("layout"));
        File.WriteAllText(folder.File("layout/index.json"), "{}");
        Directory.CreateDirectory(folder.File("other"));
        Directory.CreateDirectory(folder.File("skopeo"));
        File.WriteAllText(folder.File("skopeo/version"), "Directory Transport Version: 1.1\n");
        Assert.Equal(PlaceKind.SkopeoFolder, ImagePlace.Parse(folder.File("skopeo")).Kind);
        Assert.Equal(PlaceKind.Archive, ImagePlace.Parse(folder.File("saved")).Kind);
        Assert.Equal(PlaceKind.Oci, ImagePlace.Parse(folder.File("layout")).Kind);
        Assert.Equal(PlaceKind.RegistryV2, ImagePlace.Parse(folder.File("other")).Kind);
    }

    [Fact]
    public void A_path_with_a_colon_that_is_there_is_one_path()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("a:b.tar"), []);
        Assert.Equal(new ImagePlace(PlaceKind.OciArchive, folder.File("a:b.tar"), null), ImagePlace.Parse("oci-archive:" + folder.File("a:b.tar")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("oci:")]
    [InlineData("oci::tag")]
    [InlineData("docker://")]
    [InlineData("ipfs://")]
    [InlineData("dir:")]
    [InlineData("containers-storage:alpine:3")]
    [InlineData("ostree:alpine")]
    [InlineData("https://example.com/team/app")]
    [InlineData("doker://example.com/team/app")]
    [InlineData("docker-archve:a.tar")]
    [InlineData("registryv2:dir")]
    public void What_is_no_place_is_refused(string text)
    {
        Assert.Throws<FormatException>(() => ImagePlace.Parse(text));
        Assert.False(ImagePlace.TryParse(text, null, out _));
    }
}
