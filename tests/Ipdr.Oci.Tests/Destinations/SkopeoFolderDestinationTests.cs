using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Tests.Transfer;
using Ipdr.Oci.Transfer;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Destinations;

/// <summary>Folders in the form of skopeo's <c>dir:</c> as somewhere to copy to; the interop tests have skopeo read them.</summary>
public sealed class SkopeoFolderDestinationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_index_and_all_that_it_lists_come_back_as_they_were(bool emptyFolder)
    {
        MemorySource source = new();
        source.AddIndex("example/app:1", source.AddImage("linux/amd64", null, 5_000, 7_000), source.AddImage("linux/arm64", null, 5_000, 9_000));
        if (emptyFolder)
            Directory.CreateDirectory(_folder.File("dir"));
        CopyResult copied = await CopyAsync(source, $"dir:{_folder.File("dir")}", new CopyOptions { AllPlatforms = true });
        Assert.Equal($"dir:{_folder.File("dir")}", copied.Images[0].Reference);
        string[] names = [.. Directory.GetFiles(_folder.File("dir")).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        // Three layers, two configs, two manifests, the index, the version.
        Assert.Equal(9, names.Length);
        Assert.Equal(2, names.Count(name => name.EndsWith(".manifest.json", StringComparison.Ordinal)));
        Assert.Equal("Directory Transport Version: 1.1\n", await File.ReadAllTextAsync(_folder.File("dir/version"), Cancellation));
        Assert.Equal(copied.Images[0].Descriptor.Digest, Digest.OfContent(DigestAlgorithm.Sha256, await File.ReadAllBytesAsync(_folder.File("dir/manifest.json"), Cancellation)));
        Assert.Equal(["dir"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));

        await using IImageSource back = await Places.OpenSourceAsync(ImagePlace.Parse(_folder.File("dir")), Options, Cancellation);
        CopyResult again = await CopyAsync(back, $"oci:{_folder.File("layout")}", new CopyOptions { AllPlatforms = true });
        Assert.Equal(copied.Images[0].Descriptor.Digest, again.Images[0].Descriptor.Digest);
    }

    [Fact]
    public async Task A_real_image_is_sound_there()
    {
        await using IImageSource source = await Places.OpenSourceAsync(ImagePlace.Parse(Fixtures.Archive("docker2010-one.tar")), Options, Cancellation);
        await CopyAsync(source, $"dir:{_folder.File("deep/er/dir")}");
        VerificationReport report = await Verifier.VerifyAsync(VerificationTarget.OfPath(_folder.File("deep/er/dir"), TargetForm.SkopeoFolder), cancellationToken: Cancellation);
        Assert.Empty(report.Findings);
    }

    [Fact]
    public async Task One_that_is_damaged_does_not_appear_and_what_arrived_is_not_asked_for_again()
    {
        MemorySource source = new();
        source.AddImage("linux/amd64", "example/app:1", 90_000, 7_000);
        source.Wrap = (blob, stream) => blob.Size == 7_000 ? new MemoryStream(new byte[7_000]) : stream;
        await Assert.ThrowsAsync<DigestMismatchException>(() => CopyAsync(source, $"dir:{_folder.File("dir")}", new CopyOptions { Parallelism = 1 }));
        Assert.False(Path.Exists(_folder.File("dir")));
        long read = source.BytesRead;
        source.Wrap = (_, stream) => stream;
        await CopyAsync(source, $"dir:{_folder.File("dir")}");
        Assert.InRange(source.BytesRead - read, 7_000, 7_500);
        Assert.Equal(["dir"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_is_there_stays_and_what_it_cannot_hold_is_refused()
    {
        MemorySource one = new(), two = new();
        one.AddImage("linux/amd64", "example/a:1", 5_000);
        two.AddImage("linux/amd64", "example/a:1", 5_000);
        two.AddImage("linux/amd64", "example/b:1", 6_000);
        Directory.CreateDirectory(_folder.File("full"));
        await File.WriteAllTextAsync(_folder.File("full/notes"), "mine", Cancellation);
        foreach (string taken in (string[])["full", "full/notes"])
            Assert.Equal(FaultCode.DestinationExists, (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(one, $"dir:{_folder.File(taken)}"))).Fault.Code);
        Assert.Equal("mine", await File.ReadAllTextAsync(_folder.File("full/notes"), Cancellation));
        Fault several = (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(two, $"dir:{_folder.File("dir")}"))).Fault;
        Assert.Equal(FaultCode.NameConflict, several.Code);
        Assert.EndsWith("oci:DIR.", several.Remedy, StringComparison.Ordinal);
        Assert.Equal(FaultCode.BadDestination, (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(one, $"dir:{_folder.File("dir")}", new CopyOptions { Referrers = true }))).Fault.Code);
        Assert.Equal(["full"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    private PlaceOptions Options => new() { StoreHome = _folder.File("store") };

    private async Task<CopyResult> CopyAsync(IImageSource source, string to, CopyOptions? options = null)
    {
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse(to), Options, Cancellation);
        return await ImageCopier.CopyAsync(source, destination, options ?? new CopyOptions(), cancellationToken: Cancellation);
    }
}
