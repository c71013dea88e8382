using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Transfer;

namespace Ipdr.Oci.Tests.Transfer;

/// <summary>Images of several places go to one: together or not at all, each under its own name, and what they share goes once.</summary>
public sealed class SeveralSourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("oci")]
    [InlineData("oci-archive")]
    [InlineData("docker-archive")]
    [InlineData("universal")]
    [InlineData("store")]
    public async Task All_of_them_appear_and_what_they_share_goes_once(string form)
    {
        MemorySource first = Image("example/a:1", 90_000, 5_000), second = Image("example/b:2", 90_000, 7_000);
        string place = form == "store" ? "store:" : $"{form}:{_folder.File("to")}";
        CopyResult result = await CopyAsync(place, first, second);

        Assert.Equal(2, result.Images.Count);
        // Besides the layers, each has a config of its own.
        Assert.InRange(first.BytesRead, 95_000, 95_500);
        Assert.InRange(second.BytesRead, 7_000, 7_500);
        List<ListedImage> there = await ImageLister.ListAsync(ImagePlace.Parse(place), Options, Cancellation).ToListAsync(Cancellation);
        Assert.Equal(["example/a:1", "example/b:2"], there.Select(image => image.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("store")]
    public async Task One_that_is_damaged_and_nothing_appears(string form)
    {
        MemorySource sound = Image("example/a:1", 5_000), damaged = Image("example/b:2", 7_000);
        damaged.Wrap = (blob, stream) => blob.Size == 7_000 ? new MemoryStream(new byte[7_000]) : stream;
        string place = form == "store" ? "store:" : $"{form}:{_folder.File("to")}";
        await Assert.ThrowsAsync<DigestMismatchException>(() => CopyAsync(place, sound, damaged));
        Assert.False(Path.Exists(_folder.File("to")));
        if (form == "store")
            Assert.Equal(FaultCode.NoImages, (await Assert.ThrowsAsync<IpdrException>(async () => await ImageLister.ListAsync(ImagePlace.Parse(place), Options, Cancellation).ToListAsync(Cancellation))).Fault.Code);
    }

    [Fact]
    public async Task Two_images_of_one_name_are_refused_before_anything_is_read_and_the_same_image_is_taken_once()
    {
        MemorySource first = Image("example/a:1", 5_000), other = Image("example/a:1", 7_000), same = Image("example/a:1", 5_000);
        IpdrException refused = await Assert.ThrowsAsync<IpdrException>(() => CopyAsync($"oci:{_folder.File("to")}", first, other));
        Assert.Equal(FaultCode.NameConflict, refused.Fault.Code);
        Assert.Contains("example/a:1", refused.Fault.What, StringComparison.Ordinal);
        Assert.Equal(0, first.BytesRead + other.BytesRead);
        Assert.Single((await CopyAsync($"oci:{_folder.File("to")}", first, same)).Images);
        Assert.Equal(0, same.BytesRead);
    }

    [Fact]
    public async Task In_the_store_names_have_no_host_so_that_those_of_two_registries_can_be_in_each_others_way()
    {
        IpdrException refused = await Assert.ThrowsAsync<IpdrException>(() => CopyAsync("store:", Image("one.example/team/app:1", 5_000), Image("two.example/team/app:1", 7_000)));
        Assert.Equal(FaultCode.NameConflict, refused.Fault.Code);
        Assert.Contains("two.example", refused.Fault.What, StringComparison.Ordinal);
        Assert.Equal(2, (await CopyAsync($"oci:{_folder.File("to")}", Image("one.example/team/app:1", 5_000), Image("two.example/team/app:1", 7_000))).Images.Count);
    }

    [Theory]
    [InlineData("oci:{0}:one")]
    [InlineData("docker-archive:{0}:example/one:1")]
    [InlineData("store:one:1")]
    [InlineData("docker://127.0.0.1:1/one:1")]
    public async Task One_name_is_not_for_all_of_them(string place)
    {
        string to = string.Format(System.Globalization.CultureInfo.InvariantCulture, place, _folder.File("to"));
        Assert.Equal(FaultCode.BadDestination, (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(to, Image("example/a:1", 5_000), Image("example/b:1", 5_000)))).Fault.Code);
        Assert.False(Path.Exists(_folder.File("to")));
    }

    [Fact]
    public async Task What_refers_to_each_of_them_goes_along()
    {
        MemorySource first = new(), second = new();
        first.Claim(first.AddImage("linux/amd64", "example/a:1", 5_000), first.AddArtifact("application/x", first.AddImage("linux/amd64", null, 5_000), 100));
        second.Claim(second.AddImage("linux/amd64", "example/b:1", 7_000), second.AddArtifact("application/y", second.AddImage("linux/amd64", null, 7_000), 200));
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse($"oci:{_folder.File("to")}"), Options, Cancellation);
        CopyResult result = await ImageCopier.CopyAsync([first, second], destination, new CopyOptions { Referrers = true }, cancellationToken: Cancellation);
        Assert.Equal(["application/x", "application/y"], result.Images.Select(image => Assert.Single(image.Referrers).Descriptor.ArtifactType));
    }

    [Fact]
    public async Task Places_are_closed_again_when_one_of_them_is_not_there()
    {
        File.Copy(Fixtures.Archive("docker2010-one.tar"), _folder.File("one.tar"));
        IpdrException missing = await Assert.ThrowsAsync<IpdrException>(() => PlaceCopier.CopyAsync(
            [ImagePlace.Parse($"docker-archive:{_folder.File("one.tar")}"), ImagePlace.Parse($"oci:{_folder.File("none")}")], ImagePlace.Parse($"oci:{_folder.File("to")}"), Options, new CopyOptions(), Cancellation));
        Assert.Contains("none", missing.Fault.Where, StringComparison.Ordinal);
        Assert.Equal(["one.tar"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PlaceOptions Options => new() { StoreHome = _folder.File("store") };

    private static MemorySource Image(string name, params int[] layers)
    {
        MemorySource source = new();
        source.AddImage("linux/amd64", name, layers);
        return source;
    }

    private async Task<CopyResult> CopyAsync(string to, params IImageSource[] sources)
    {
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse(to), Options, Cancellation);
        return await ImageCopier.CopyAsync(sources, destination, new CopyOptions(), cancellationToken: Cancellation);
    }
}
