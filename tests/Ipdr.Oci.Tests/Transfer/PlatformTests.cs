using Ipdr.Oci.Destinations;
using Ipdr.Oci.Engines;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Transfer;

namespace Ipdr.Oci.Tests.Transfer;

/// <summary>What of an index is copied, and that a digest which is not kept is told.</summary>
public sealed class PlatformTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemorySource _source = new();
    private readonly Descriptor _host, _other, _third, _index;

    public PlatformTests()
    {
        _host = _source.AddImage(HostPlatform.Current.ToString(), null, 1000);
        _other = _source.AddImage("linux/s390x", null, 2000);
        _third = _source.AddImage("linux/riscv64", null, 3000);
        _index = _source.AddIndex("example/x:1", _other, _host, _third);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task By_default_it_is_the_image_for_this_machine()
    {
        CopyResult result = await CopyAsync(new CopyOptions());
        Assert.Equal(_host.Digest, Assert.Single(result.Images).Descriptor.Digest);
        Fault warning = Assert.Single(result.Warnings);
        Assert.Equal((FaultCode.DigestChanged, _index.Digest.ToString(), _host.Digest.ToString()), (warning.Code, warning.Expected, warning.Actual));
    }

    [Fact]
    public async Task All_platforms_keep_the_index()
    {
        CopyResult result = await CopyAsync(new CopyOptions { AllPlatforms = true });
        Assert.Equal(_index.Digest, Assert.Single(result.Images).Descriptor.Digest);
        Assert.Empty(result.Warnings);
        Assert.Equal(3, result.Images[0].ImageIds.Count);
    }

    [Fact]
    public async Task Some_platforms_are_a_smaller_index()
    {
        CopyResult result = await CopyAsync(new CopyOptions { Platforms = [_other.Platform!, _third.Platform!] });
        Assert.True(Assert.Single(result.Images).Descriptor.MediaType.IsIndex);
        Assert.Equal(2, result.Images[0].ImageIds.Count);
        Assert.Equal(FaultCode.DigestChanged, Assert.Single(result.Warnings).Code);
        Assert.Equal(_index.Digest, result.Images[0].Original);
    }

    [Fact]
    public async Task A_platform_that_is_not_there_is_refused_with_those_that_are()
    {
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(new CopyOptions { Platforms = [Platform.Parse("plan9/mips")] }));
        Assert.Equal(FaultCode.NoPlatform, e.Fault.Code);
        Assert.Contains("linux/s390x", e.Fault.Actual, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_platforms_those_that_are_not_there_are_told()
    {
        CopyResult result = await CopyAsync(new CopyOptions { Platforms = [_other.Platform!, Platform.Parse("plan9/mips")] });
        Assert.Equal(_other.Digest, Assert.Single(result.Images).Descriptor.Digest);
        Assert.Equal([FaultCode.NoPlatform, FaultCode.DigestChanged], result.Warnings.Select(warning => warning.Code));
        Assert.Contains("plan9/mips", result.Warnings[0].What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux/s390x", true)]
    [InlineData("linux/arm64", false)]
    public async Task Of_an_image_without_an_index_the_config_says_for_which_platform_it_is(string wanted, bool isThere)
    {
        MemorySource source = new();
        Descriptor manifest = source.AddImage("linux/s390x", "example/y:1", 1000);
        CopyOptions options = new() { Platforms = [Platform.Parse(wanted)] };
        if (isThere)
        {
            Assert.Equal(manifest.Digest, Assert.Single((await CopyAsync(options, from: source)).Images).Descriptor.Digest);
            return;
        }
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(options, from: source));
        Assert.Equal((FaultCode.NoPlatform, "linux/s390x"), (e.Fault.Code, e.Fault.Actual));
    }

    [Fact]
    public async Task A_docker_archive_cannot_hold_all_platforms()
    {
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(new CopyOptions { AllPlatforms = true }, $"docker-archive:{_folder.File("a.tar")}"));
        Assert.Equal(FaultCode.BadDestination, e.Fault.Code);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder.Path), path => path.EndsWith(".tar", StringComparison.Ordinal));
    }

    private async Task<CopyResult> CopyAsync(CopyOptions options, string? to = null, MemorySource? from = null)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse(to ?? $"oci:{_folder.File("a")}"), new PlaceOptions(), token);
        return await ImageCopier.CopyAsync(from ?? _source, destination, options, cancellationToken: token);
    }
}
