using Ipdr.Oci.Conversion;
using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Staging;
using Ipdr.Oci.Store;
using Ipdr.Oci.Transfer;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Transfer;

/// <summary>Copies between files, folders and the store: digests stay, what is there is not sent again, broken content goes nowhere.</summary>
public sealed class CopyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("docker2010-one.tar")]
    [InlineData("docker2010-multiimage.tar")]
    [InlineData("docker26-one.tar.zst")]
    [InlineData("composed-jib-oci.tar")]
    [InlineData("composed-oci-sha512-data.tar")]
    public async Task Through_all_kinds_of_places_every_digest_stays(string fixture)
    {
        string[] stations = [$"oci:{_folder.File("a")}", $"oci-archive:{_folder.File("b.tar")}", $"universal:{_folder.File("c")}", "store:", $"oci:{_folder.File("d")}"];
        CopyResult first = await CopyAsync(Fixtures.Archive(fixture), stations[0]);
        for (int i = 1; i < stations.Length; i++)
        {
            CopyResult next = await CopyAsync(stations[i - 1], stations[i]);
            Assert.Equal(Digests(first), Digests(next));
            Assert.DoesNotContain(next.Warnings, warning => warning.Code == FaultCode.DigestChanged);
        }
        VerificationReport report = await Verifier.VerifyAsync(VerificationTarget.OfPath(_folder.File("d")), cancellationToken: Cancellation);
        Assert.True(report.IsSound(strict: false));
    }

    [Theory]
    [InlineData("docker2010-one.tar")]
    [InlineData("buildx-docker-zstd.tar")]
    [InlineData("composed-jib-oci.tar")]
    public async Task A_docker_archive_keeps_the_image_id_and_says_that_the_digest_is_lost(string fixture)
    {
        CopyResult original = await CopyAsync(Fixtures.Archive(fixture), $"oci:{_folder.File("a")}");
        CopyResult archived = await CopyAsync($"oci:{_folder.File("a")}", $"docker-archive:{_folder.File("b.tar")}:example/x:1");
        Assert.Contains(archived.Warnings, warning => warning.Code == FaultCode.DigestChanged);
        CopyResult back = await CopyAsync(_folder.File("b.tar"), $"oci:{_folder.File("c")}");
        Assert.Equal(original.Images.SelectMany(image => image.ImageIds).Distinct(), back.Images.SelectMany(image => image.ImageIds).Distinct());
    }

    // Besides an image its index lists an application/xml, as the example of image-spec does.
    [Fact]
    public async Task What_an_index_lists_that_is_no_image_is_shown_and_left_out_and_named()
    {
        string archive = Fixtures.Archive("composed-oci-nested-index.tar");
        CopyResult result = await CopyAsync(archive, $"oci:{_folder.File("a")}", new CopyOptions { AllPlatforms = true });
        Fault left = Assert.Single(result.Warnings, warning => warning.Code == FaultCode.Lost);
        Assert.Contains("application/xml", left.What, StringComparison.Ordinal);
        Assert.Equal(2, result.Images.Count);
        Assert.True((await Verifier.VerifyAsync(VerificationTarget.OfPath(_folder.File("a")), cancellationToken: Cancellation)).IsSound(strict: false));

        await using IImageSource source = await Places.OpenSourceAsync(ImagePlace.Parse(archive), Options, Cancellation);
        InspectedImage other = (await ImageInspector.InspectAsync(source, cancellationToken: Cancellation)).Images.Single(image => left.Where.EndsWith(image.Manifest.Descriptor.Digest.ToString(), StringComparison.Ordinal));
        Assert.Equal(InspectedKind.Artifact, other.Manifest.Kind);
    }

    [Fact]
    public async Task An_archive_is_the_same_bytes_each_time()
    {
        foreach (string form in (string[])["docker-archive", "oci-archive"])
        {
            await CopyAsync(Fixtures.Archive("docker2010-one.tar"), $"{form}:{_folder.File("1")}");
            await CopyAsync(Fixtures.Archive("docker2010-one.tar"), $"{form}:{_folder.File("2")}");
            Assert.Equal(await File.ReadAllBytesAsync(_folder.File("1"), Cancellation), await File.ReadAllBytesAsync(_folder.File("2"), Cancellation));
            File.Delete(_folder.File("1"));
            File.Delete(_folder.File("2"));
        }
    }

    [Fact]
    public async Task What_is_there_already_is_not_read()
    {
        MemorySource source = new();
        source.AddImage("linux/amd64", "example/x:1", 100_000, 200_000);
        CopyResult first = await CopyAsync(source, $"oci:{_folder.File("a")}");
        source.AddImage("linux/amd64", "example/x:2", 100_000, 200_000, 5_000);
        CopyResult second = await CopyAsync(source, $"oci:{_folder.File("a")}");
        Assert.Equal(3, first.CopiedBlobs);
        Assert.InRange(second.CopiedBytes, 5_000, 6_000);
        Assert.Equal(3, second.SkippedBlobs);
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("oci-archive")]
    [InlineData("universal")]
    public async Task A_copy_that_broke_off_goes_on_where_it_stopped(string form)
    {
        MemorySource source = new();
        source.AddImage("linux/amd64", "example/x:1", 3_000_000, 1_000_000);
        int budget = 2_500_000;
        source.Wrap = (_, stream) => new WatchedStream(stream, count => budget = (budget -= count) < 0 ? throw new IOException("the line broke") : budget);
        await Assert.ThrowsAsync<IOException>(() => CopyAsync(source, $"{form}:{_folder.File("a")}", new CopyOptions { Parallelism = 1 }));
        Assert.False(Path.Exists(_folder.File("a")));

        source.Wrap = (_, stream) => stream;
        CopyResult second = await CopyAsync(source, $"{form}:{_folder.File("a")}");
        Assert.InRange(second.CopiedBytes, 1_400_000, 2_000_000);
        Assert.Equal(["a"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
        Assert.True((await Verifier.VerifyAsync(VerificationTarget.OfPath(_folder.File("a")), new VerificationOptions { Quick = true }, cancellationToken: Cancellation)).IsSound(strict: false));
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("oci-archive")]
    [InlineData("registry-v2")]
    public async Task Content_that_is_not_what_was_promised_goes_nowhere(string form)
    {
        MemorySource source = new();
        source.AddImage("linux/amd64", "example/x:1", 300_000);
        source.Wrap = (blob, stream) => blob.Size == 300_000 ? new MemoryStream(MemorySource.Bytes(300_000).Select(b => (byte)~b).ToArray()) : stream;
        await Assert.ThrowsAsync<DigestMismatchException>(() => CopyAsync(source, $"{form}:{_folder.File("a")}"));
        Assert.False(Path.Exists(_folder.File("a")));
        source.Wrap = (blob, stream) => blob.Size == 300_000 ? new MemoryStream(new byte[300_001]) : stream;
        await Assert.ThrowsAsync<SizeMismatchException>(() => CopyAsync(source, $"{form}:{_folder.File("a")}"));

        source.Wrap = (_, stream) => stream;
        Assert.InRange((await CopyAsync(source, $"{form}:{_folder.File("a")}")).CopiedBlobs, 1, 2);
    }

    [Fact]
    public async Task The_store_refuses_what_was_not_promised_and_takes_what_was()
    {
        MemorySource source = new();
        source.AddImage("linux/amd64", "example/x:1", 300_000);
        source.Wrap = (blob, stream) => blob.Size == 300_000 ? new MemoryStream(new byte[300_000]) : stream;
        await Assert.ThrowsAsync<DigestMismatchException>(() => CopyAsync(source, "store:mine:1"));
        source.Wrap = (_, stream) => stream;
        Assert.Equal("mine:1", Assert.Single((await CopyAsync(source, "store:mine:1")).Images).Reference);
        using ContentStore store = ContentStore.Open(_folder.File("store"));
        Assert.Equal("mine", Assert.Single(store.ListImages()).Repository.ToString());
    }

    [Fact]
    public async Task What_is_somebodys_is_copied_and_what_was_made_for_a_copy_is_moved()
    {
        CopyResult made = await CopyAsync(Fixtures.Archive("docker2010-one.tar"), $"oci:{_folder.File("made")}");
        foreach (string blob in Blobs("made"))
            File.SetLastWriteTimeUtc(blob, Marked);
        CopyResult copied = await CopyAsync($"oci:{_folder.File("made")}", $"oci:{_folder.File("copied")}");
        Assert.Equal(0, CountMarked("copied"));

        using StagingFolder work = StagingFolder.Create(_folder.Path, "work-");
        await using IImageSource source = await ArchiveSources.OpenAsync(
            ArchiveInput.OfFile(Fixtures.Archive("docker2010-one.tar")), ArchiveForm.Docker, null, "archive", () => work, new ConversionOptions(), null, Cancellation);
        foreach (SourceImage image in await source.ListAsync(Cancellation))
            await MarkLayersAsync(source, image);
        CopyResult moved = await CopyAsync(source, $"oci:{_folder.File("moved")}");
        // The same file has the same time; configs and manifests are written anew.
        Assert.Equal(OperatingSystem.IsWindows() ? 0 : made.CopiedBlobs - 1, CountMarked("moved"));

        Assert.Equal((string.Join(' ', Digests(made)), made.CopiedBlobs, made.CopiedBytes), (string.Join(' ', Digests(copied)), copied.CopiedBlobs, copied.CopiedBytes));
        Assert.Equal((string.Join(' ', Digests(made)), made.CopiedBlobs, made.CopiedBytes), (string.Join(' ', Digests(moved)), moved.CopiedBlobs, moved.CopiedBytes));
        foreach (string layout in (string[])["copied", "moved"])
        {
            Assert.Equal(Blobs("made").Select(Path.GetFileName), Blobs(layout).Select(Path.GetFileName));
            foreach ((string before, string after) in Blobs("made").Zip(Blobs(layout)))
                Assert.Equal(await File.ReadAllBytesAsync(before, Cancellation), await File.ReadAllBytesAsync(after, Cancellation));
        }

        string[] Blobs(string layout) => [.. Directory.EnumerateFiles(Path.Combine(_folder.File(layout), "blobs", "sha256")).Order(StringComparer.Ordinal)];

        int CountMarked(string layout) => Blobs(layout).Count(blob => File.GetLastWriteTimeUtc(blob) == Marked);
    }

    [Fact]
    public async Task Something_in_the_way_is_not_touched()
    {
        await File.WriteAllTextAsync(_folder.File("a"), "mine", Cancellation);
        foreach (string form in (string[])["oci", "oci-archive", "docker-archive"])
            Assert.Equal(FaultCode.DestinationExists, (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(Fixtures.Archive("docker2010-one.tar"), $"{form}:{_folder.File("a")}"))).Fault.Code);
        Assert.Equal("mine", await File.ReadAllTextAsync(_folder.File("a"), Cancellation));
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task One_of_several_images_is_chosen_by_its_name()
    {
        await CopyAsync(Fixtures.Archive("docker2010-multiimage.tar"), $"oci:{_folder.File("all")}");
        IImageSource source = await Places.OpenSourceAsync(ImagePlace.Parse($"oci:{_folder.File("all")}"), Options, Cancellation);
        IReadOnlyList<SourceImage> images = await source.ListAsync(Cancellation);
        Assert.True(images.Count > 1);
        foreach (SourceImage image in images)
            Assert.Equal(image.Descriptor.Digest, Assert.Single((await CopyAsync($"oci:{_folder.File("all")}:{image.Title}", "store:chosen")).Images).Descriptor.Digest);
        Assert.Equal(FaultCode.NameConflict, (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync($"oci:{_folder.File("all")}", "store:chosen"))).Fault.Code);
        Assert.Equal(FaultCode.NotFound, (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync($"oci:{_folder.File("all")}:nowhere", "store:"))).Fault.Code);
    }

    private static DateTime Marked { get; } = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);

    private static async Task MarkLayersAsync(IImageSource source, SourceImage image)
    {
        ImageManifest manifest = Document.ReadManifest(await source.ReadManifestAsync(image.Descriptor, Cancellation), "manifest");
        foreach (Descriptor layer in manifest.Layers!)
            File.SetLastWriteTimeUtc((await ((ILocalBlobs)source).FindFileAsync(layer, Cancellation))!.Path, Marked);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PlaceOptions Options => new() { StoreHome = _folder.File("store") };

    private static IEnumerable<Digest> Digests(CopyResult result) => result.Images.Select(image => image.Descriptor.Digest).Distinct().OrderBy(digest => digest.ToString(), StringComparer.Ordinal);

    private async Task<CopyResult> CopyAsync(string from, string to, CopyOptions? options = null)
    {
        await using IImageSource source = await Places.OpenSourceAsync(ImagePlace.Parse(from), Options, Cancellation);
        return await CopyAsync(source, to, options);
    }

    private async Task<CopyResult> CopyAsync(IImageSource source, string to, CopyOptions? options = null)
    {
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse(to), Options, Cancellation);
        return await ImageCopier.CopyAsync(source, destination, options ?? new CopyOptions(), cancellationToken: Cancellation);
    }
}
