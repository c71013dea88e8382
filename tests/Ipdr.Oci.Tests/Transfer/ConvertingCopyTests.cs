using Ipdr.Oci.Conversion;
using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Transfer;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Transfer;

/// <summary>Copies that give images another form: the same as a conversion gives, checked as they pass, and never half of it.</summary>
public sealed class ConvertingCopyTests : IDisposable
{
    private static readonly string[] Images =
    [
        "docker2010-multiimage.tar", "docker2010-duplayers.tar", "buildah128-manifest-list.tar", "buildx-oci-attest.tar", "buildx26-oci-estargz.tar", "composed-jib-oci.tar",
        "composed-oci-sha512-data.tar", "composed-oci-blake3.tar", "composed-nondistributable.tar", "composed-zero-layers.tar",
    ];

    private static readonly ConversionOptions[] Forms =
    [
        new() { Compression = LayerCompression.Zstd, Level = 7, AnnotateRecipe = true },
        new() { Compression = LayerCompression.Zstd, MediaTypes = MediaTypeFamily.Docker },
        new() { Compression = LayerCompression.Gzip, Level = 1, MediaTypes = MediaTypeFamily.Docker },
        new() { Compression = LayerCompression.None },
        new() { Compression = LayerCompression.None, MediaTypes = MediaTypeFamily.Docker },
        new() { Compression = LayerCompression.Preserve, MediaTypes = MediaTypeFamily.Docker },
        new() { Compression = LayerCompression.Preserve },
        new() { Digest = DigestAlgorithm.Sha512 },
        new() { Compression = LayerCompression.Zstd, Digest = DigestAlgorithm.Blake3 },
    ];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, int> ImagesInForms => [.. Images.SelectMany(image => Forms.Select((_, form) => (image, form)))];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(ImagesInForms))]
    public async Task An_image_gets_the_form_that_a_conversion_gives_it(string fixture, int form)
    {
        ConversionOptions conversion = Forms[form];
        CopyResult before = await CopyAsync(Fixtures.Archive(fixture), $"oci:{_folder.File("before")}", new CopyOptions { AllPlatforms = true });
        await CopyAsync($"oci:{_folder.File("before")}", $"oci-archive:{_folder.File("before.tar")}", new CopyOptions { AllPlatforms = true });
        await using (ArchiveInput archive = ArchiveInput.OfFile(_folder.File("before.tar")))
            await Converter.ConvertAsync(archive, _folder.File("converted"), conversion, cancellationToken: Cancellation);

        CopyResult after = await CopyAsync($"oci:{_folder.File("before")}", $"oci:{_folder.File("after")}", new CopyOptions { AllPlatforms = true, Conversion = conversion });

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(_folder.File("converted"), "index.json"), Cancellation), await File.ReadAllTextAsync(Path.Combine(_folder.File("after"), "index.json"), Cancellation));
        Assert.Equal(before.Images.SelectMany(image => image.ImageIds).Order(ByText), after.Images.SelectMany(image => image.ImageIds).Select(id => Unchanged(before, id, conversion)).Order(ByText));
        Assert.Equal(before.Images.Select(image => image.Descriptor.Digest).Order(ByText), after.Images.Select(image => image.Original).Order(ByText));
        int changed = after.Images.Where(image => image.Original != image.Descriptor.Digest).Select(image => (image.Original, image.Descriptor.Digest)).Distinct().Count();
        Assert.Equal(Math.Min(changed, 1), after.Warnings.Count(warning => warning.Code == FaultCode.DigestChanged));
        Assert.True((await Verifier.VerifyAsync(VerificationTarget.OfPath(_folder.File("after")), cancellationToken: Cancellation)).IsSound(strict: false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_docker_archive_gets_its_form_as_it_is_read(bool opensSo)
    {
        ConversionOptions conversion = new() { Compression = LayerCompression.Zstd, MediaTypes = MediaTypeFamily.Docker };
        await using (ArchiveInput archive = ArchiveInput.OfFile(Fixtures.Archive("docker2010-multiimage.tar")))
            await Converter.ConvertAsync(archive, _folder.File("converted"), conversion, cancellationToken: Cancellation);
        PlaceOptions places = opensSo ? Options with { Conversion = conversion with { } } : Options;
        await using IImageSource source = await Places.OpenSourceAsync(ImagePlace.Parse(Fixtures.Archive("docker2010-multiimage.tar")), places, Cancellation);
        CopyResult copied = await CopyAsync(source, $"oci:{_folder.File("copied")}", new CopyOptions { Conversion = conversion });

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(_folder.File("converted"), "index.json"), Cancellation), await File.ReadAllTextAsync(Path.Combine(_folder.File("copied"), "index.json"), Cancellation));
        // It has no manifests that could have had a digest; one that was converted before has.
        Assert.Equal(!opensSo, copied.Warnings.Any(warning => warning.Code == FaultCode.DigestChanged));
    }

    [Fact]
    public async Task Of_an_index_only_what_is_wanted_is_read_and_it_is_said_what_it_was()
    {
        MemorySource source = new();
        Descriptor wanted = source.AddImage("linux/arm64", null, 400_000);
        Descriptor index = source.AddIndex("example/x:1", wanted, source.AddImage("linux/amd64", null, 500_000), source.AddImage("linux/s390x", null, 600_000));
        CopyResult copied = await CopyAsync(source, $"oci:{_folder.File("a")}", new CopyOptions { Platforms = [Platform.Parse("linux/arm64")], Conversion = Zstd });

        CopiedImage image = Assert.Single(copied.Images);
        Assert.Equal(index.Digest, image.Original);
        Assert.InRange(source.BytesRead, 400_000, 410_000);
        Assert.Equal(
            [(index.Digest.ToString(), wanted.Digest.ToString()), (wanted.Digest.ToString(), image.Descriptor.Digest.ToString())],
            copied.Warnings.Where(warning => warning.Code == FaultCode.DigestChanged).Select(warning => (warning.Expected, warning.Actual)));
        Assert.Equal("docker.io/example/x:1", (await ListAsync("a")).Single().Name!.ToString());
    }

    [Fact]
    public async Task A_smaller_index_is_converted_as_one()
    {
        MemorySource source = new();
        Descriptor index = source.AddIndex("example/x:1", source.AddImage("linux/arm64", null, 400), source.AddImage("linux/amd64", null, 500), source.AddImage("linux/s390x", null, 600));
        CopyResult copied = await CopyAsync(source, $"oci:{_folder.File("a")}", new CopyOptions { Platforms = [Platform.Parse("linux/arm64"), Platform.Parse("linux/amd64")], Conversion = Zstd });
        Assert.Equal((index.Digest, 2), (copied.Images[0].Original, copied.Images[0].ImageIds.Count));
        Assert.Equal(2, copied.Warnings.Count(warning => warning.Code == FaultCode.DigestChanged));
    }

    [Fact]
    public async Task An_index_within_an_index_is_converted_with_what_it_lists()
    {
        MemorySource source = new();
        Descriptor one = source.AddImage("linux/arm64", null, 400), two = source.AddImage("linux/amd64", null, 500);
        Descriptor inner = source.Add(Document.Write(new ImageIndex(2) { MediaType = MediaType.OciIndex, Manifests = [one] }).ToArray(), MediaType.OciIndex);
        source.AddIndex("example/x:1", inner, two);
        CopyResult copied = await CopyAsync(source, $"oci:{_folder.File("a")}", new CopyOptions { AllPlatforms = true, Conversion = Zstd });
        Assert.Equal(2, copied.Images[0].ImageIds.Count);
        OciLayoutSource layout = new(_folder.File("a"), null);
        ImageIndex outer = Document.ReadIndex(await layout.ReadManifestAsync(copied.Images[0].Descriptor, Cancellation), "");
        ImageIndex converted = Document.ReadIndex(await layout.ReadManifestAsync(outer.Manifests[0], Cancellation), "");
        ImageManifest image = Document.ReadManifest(await layout.ReadManifestAsync(converted.Manifests[0], Cancellation), "");
        Assert.Equal((MediaType.OciLayerZstd, one.Platform), (image.Layers![0].MediaType, converted.Manifests[0].Platform));
    }

    [Fact]
    public async Task What_stays_as_it_is_is_not_brought_twice_and_not_at_all_where_it_is_known()
    {
        MemorySource source = new();
        source.AddImage("linux/amd64", "example/x:1", 3_000_000, 2_000_000);
        CopyOptions docker = new() { Conversion = new ConversionOptions { Compression = LayerCompression.Preserve, MediaTypes = MediaTypeFamily.Docker } };
        CopyResult first = await CopyAsync(source, $"oci:{_folder.File("a")}", docker);
        Assert.Equal(5_000_000, first.CopiedBytes, 1_000.0);
        Assert.InRange(source.BytesRead, 5_000_000, 5_010_000);
        CopyResult second = await CopyAsync(source, $"oci:{_folder.File("a")}", docker);
        Assert.Equal((0, 3), (second.CopiedBlobs, second.SkippedBlobs));
        Assert.InRange(source.BytesRead, 5_000_000, 5_020_000);
    }

    [Fact]
    public async Task Names_and_artifacts_go_along()
    {
        MemorySource source = new();
        Descriptor image = source.AddImage("linux/amd64", "example/x:1", 4_000);
        source.AddImage("linux/amd64", "example/x:2", 4_000);
        Descriptor chart = source.AddArtifact("application/vnd.cncf.helm.config.v1+json", null, 3_000, "example/chart:1");
        source.AddArtifact("application/spdx+json", image, 2_000, "example/sbom:1");
        CopyResult copied = await CopyAsync(source, $"oci:{_folder.File("a")}", new CopyOptions { AllPlatforms = true, Conversion = Zstd });

        Dictionary<string, SourceImage> there = (await ListAsync("a")).ToDictionary(entry => entry.Name!.Familiar);
        Assert.Equal(["example/chart:1", "example/sbom:1", "example/x:1", "example/x:2"], there.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(there["example/x:1"].Descriptor.Digest, there["example/x:2"].Descriptor.Digest);
        OciLayoutSource layout = new(_folder.File("a"), null);
        Assert.Equal(chart.Digest, there["example/chart:1"].Descriptor.Digest);
        ImageManifest about = Document.ReadManifest(await layout.ReadManifestAsync(there["example/sbom:1"].Descriptor, Cancellation), "");
        // What speaks of an image speaks of it by its new digest.
        Assert.Equal(there["example/x:1"].Descriptor.Digest, about.Subject!.Digest);
        Assert.Contains("2 images", Assert.Single(copied.Warnings, warning => warning.Code == FaultCode.DigestChanged).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_sources_each_is_converted_once_and_says_what_it_was()
    {
        MemorySource first = new(), same = new();
        Descriptor image = first.AddImage("linux/amd64", "example/x:1", 50_000);
        same.AddImage("linux/amd64", "example/x:1", 50_000);
        await using IImageSource archive = await Places.OpenSourceAsync(ImagePlace.Parse(Fixtures.Archive("docker2010-multiimage.tar")), Options with { Conversion = Zstd }, Cancellation);
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse($"oci:{_folder.File("a")}"), Options, Cancellation);
        CopyResult copied = await ImageCopier.CopyAsync([first, archive, same], destination, new CopyOptions { Conversion = Zstd }, cancellationToken: Cancellation);

        Assert.Equal(4, copied.Images.Count);
        Assert.Equal(image.Digest, copied.Images[0].Original);
        Assert.All(copied.Images.Skip(1), other => Assert.Equal(other.Descriptor.Digest, other.Original));
        Assert.Equal(("memory:", image.Digest.ToString()), (Assert.Single(copied.Warnings).Where, copied.Warnings[0].Expected));
        Assert.Equal(0, same.BytesRead);
        Assert.Equal(copied.Images.Select(there => there.Descriptor.Digest).Order(ByText), (await ListAsync("a")).Select(there => there.Descriptor.Digest).Order(ByText));
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("oci-archive")]
    [InlineData("store")]
    public async Task Content_that_is_not_what_was_promised_goes_nowhere(string form)
    {
        string to = form == "store" ? "store:" : $"{form}:{_folder.File("a")}";
        MemorySource source = new();
        source.AddImage("linux/amd64", "example/x:1", 3_000_000);
        source.Wrap = (blob, stream) => blob.Size == 3_000_000 ? new MemoryStream([.. MemorySource.Bytes(2_999_999), 1]) : stream;
        await Assert.ThrowsAsync<DigestMismatchException>(() => CopyAsync(source, to, new CopyOptions { Conversion = Zstd }));
        source.Wrap = (blob, stream) => blob.Size == 3_000_000 ? new MemoryStream(new byte[3_000_001]) : stream;
        await Assert.ThrowsAsync<SizeMismatchException>(() => CopyAsync(source, to, new CopyOptions { Conversion = Zstd }));
        source.Wrap = (blob, stream) => blob.Size == 3_000_000 ? new MemoryStream(new byte[2_000_000]) : stream;
        IpdrException cut = await Assert.ThrowsAsync<DigestMismatchException>(() => CopyAsync(source, to, new CopyOptions { Conversion = Zstd }));
        Assert.StartsWith("memory: › sha256:", cut.Fault.Where, StringComparison.Ordinal);
        source.Wrap = (blob, stream) => blob.Size == 3_000_000 ? new WatchedStream(stream, _ => throw new IOException("the line broke")) : stream;
        await Assert.ThrowsAsync<IOException>(() => CopyAsync(source, to, new CopyOptions { Conversion = Zstd }));
        Assert.False(Path.Exists(_folder.File("a")));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "sha256*", SearchOption.AllDirectories));

        source.Wrap = (_, stream) => stream;
        await CopyAsync(source, to, new CopyOptions { Conversion = Zstd });
    }

    [Fact]
    public async Task A_layer_that_is_cut_in_its_compressed_form_is_told_by_its_digest()
    {
        await CopyAsync(Fixtures.Archive("docker2010-one.tar"), $"oci:{_folder.File("a")}", new CopyOptions());
        string layer = Directory.EnumerateFiles(Path.Combine(_folder.File("a"), "blobs", "sha256")).MaxBy(path => new FileInfo(path).Length)!;
        byte[] content = await File.ReadAllBytesAsync(layer, Cancellation);
        content[content.Length / 2] ^= 0x55;
        await File.WriteAllBytesAsync(layer, content, Cancellation);
        DigestMismatchException rotten = await Assert.ThrowsAsync<DigestMismatchException>(() => CopyAsync($"oci:{_folder.File("a")}", $"oci:{_folder.File("b")}", new CopyOptions { Conversion = Zstd }));
        Assert.Contains(Path.GetFileName(layer), rotten.Fault.Where, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder.File("b")));
    }

    [Fact]
    public async Task A_layer_that_is_another_than_its_config_promises_is_refused()
    {
        MemorySource source = new();
        Descriptor layer = source.Add(MemorySource.Bytes(5_000), MediaType.OciLayer);
        Digest other = Digest.OfContent(DigestAlgorithm.Sha256, "another"u8);
        Descriptor config = source.Add(System.Text.Encoding.UTF8.GetBytes($$$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["{{{other}}}"]}}"""), MediaType.OciConfig);
        source.AddIndex("example/x:1", source.Add(Document.Write(new ImageManifest(2) { MediaType = MediaType.OciManifest, Config = config, Layers = [layer] }).ToArray(), MediaType.OciManifest));
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(source, $"oci:{_folder.File("a")}", new CopyOptions { Conversion = Zstd }));
        Assert.Equal((FaultCode.DigestMismatch, other.ToString()), (e.Fault.Code, e.Fault.Expected));
        Assert.StartsWith("memory: › ", e.Fault.Where, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder.File("a")));
    }

    [Fact]
    public async Task A_layer_for_which_there_is_no_word_is_refused_where_it_shall_stay()
    {
        MemorySource source = new();
        Descriptor layer = source.Add([0xFD, .. "7zXZ"u8, 0, .. MemorySource.Bytes(1_000)], MediaType.OciLayer);
        Descriptor config = source.Add(System.Text.Encoding.UTF8.GetBytes($$$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["{{{layer.Digest}}}"]}}"""), MediaType.OciConfig);
        source.AddIndex("example/x:1", source.Add(Document.Write(new ImageManifest(2) { MediaType = MediaType.OciManifest, Config = config, Layers = [layer] }).ToArray(), MediaType.OciManifest));
        CopyOptions options = new() { Conversion = new ConversionOptions { Compression = LayerCompression.Preserve } };
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(source, $"oci:{_folder.File("a")}", options));
        Assert.Equal(FaultCode.UnsupportedMediaType, e.Fault.Code);
    }

    [Fact]
    public async Task More_documents_than_fit_into_memory_are_refused_before_they_are_read()
    {
        MemorySource source = new();
        for (int i = 0; i < 20; i++)
        {
            // What is said of a size is only a promise, and is held against what all together may have.
            Descriptor config = new(MediaType.OciConfig, Digest.OfContent(DigestAlgorithm.Sha256, BitConverter.GetBytes(i)), 4 << 20);
            source.AddIndex($"example/x:{i}", source.Add(Document.Write(new ImageManifest(2) { MediaType = MediaType.OciManifest, Config = config, Layers = [] }).ToArray(), MediaType.OciManifest));
        }
        Assert.Equal(FaultCode.Limit, (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(source, $"oci:{_folder.File("a")}", new CopyOptions { AllPlatforms = true, Conversion = Zstd }))).Fault.Code);
        Assert.Equal(0, source.BytesRead);
    }

    [Fact]
    public async Task Given_up_in_the_middle_nothing_is_there()
    {
        MemorySource source = new();
        source.AddImage("linux/amd64", "example/x:1", 3_000_000, 2_000_000);
        using CancellationTokenSource stop = new();
        int budget = 1_000_000;
        source.Wrap = (_, stream) => new WatchedStream(stream, count =>
        {
            if ((budget -= count) < 0)
                stop.Cancel();
        });
        await using (IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse($"oci:{_folder.File("a")}"), Options, Cancellation))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ImageCopier.CopyAsync(source, destination, new CopyOptions { Conversion = Zstd }, cancellationToken: stop.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_odd_about_an_archive_is_told_when_it_is_copied(bool converts)
    {
        string archive = Fixtures.Archive("composed-hybrid-byhand.tar"), odd = _folder.File("odd.tar");
        byte[] content = await File.ReadAllBytesAsync(archive, Cancellation);
        await File.WriteAllBytesAsync(odd, [.. content, .. "more"u8], Cancellation);
        CopyResult copied = await CopyAsync(odd, $"oci:{_folder.File("a")}", new CopyOptions { Conversion = converts ? Zstd : null });
        Assert.Equal((FaultCode.TrailingData, odd), (Assert.Single(copied.Warnings, warning => warning.Code == FaultCode.TrailingData).Code, copied.Warnings.First(warning => warning.Code == FaultCode.TrailingData).Where));
        Assert.Equal(converts, copied.Warnings.Any(warning => warning.Code == FaultCode.DigestChanged));
    }

    [Theory]
    [InlineData("docker-archive", false, "plain layers")]
    [InlineData("oci", true, "names its digest")]
    public async Task What_cannot_be_had_is_refused_before_anything_is_read(string form, bool referrers, string reason)
    {
        MemorySource source = new();
        source.AddImage("linux/amd64", "example/x:1", 1_000);
        CopyOptions options = new() { Conversion = Zstd, Referrers = referrers };
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(source, $"{form}:{_folder.File("a")}", options));
        Assert.Contains(reason, e.Fault.What, StringComparison.Ordinal);
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse($"{form}:{_folder.File("a")}"), Options, Cancellation);
        Assert.Equal(e.Fault, Assert.Throws<IpdrException>(() => CopyPlan.Check(destination, options)).Fault);
        Assert.Equal(0, source.BytesRead);
    }

    private static ConversionOptions Zstd { get; } = new() { Compression = LayerCompression.Zstd };

    private static Comparer<Digest> ByText { get; } = Comparer<Digest>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PlaceOptions Options => new() { StoreHome = _folder.File("store") };

    // By another algorithm the same config has another digest.
    private Digest Unchanged(CopyResult before, Digest id, ConversionOptions conversion) => conversion.Digest is null ? id
        : before.Images.SelectMany(image => image.ImageIds).Single(own => Digest.OfContent(id.Algorithm, File.ReadAllBytes(Path.Combine(_folder.File("before"), "blobs", own.Algorithm.Name, own.Encoded))) == id);

    private async Task<IReadOnlyList<SourceImage>> ListAsync(string layout) => await new OciLayoutSource(_folder.File(layout), null).ListAsync(Cancellation);

    private async Task<CopyResult> CopyAsync(string from, string to, CopyOptions options)
    {
        await using IImageSource source = await Places.OpenSourceAsync(ImagePlace.Parse(from), Options, Cancellation);
        return await CopyAsync(source, to, options);
    }

    private async Task<CopyResult> CopyAsync(IImageSource source, string to, CopyOptions options)
    {
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse(to), Options, Cancellation);
        return await ImageCopier.CopyAsync(source, destination, options, cancellationToken: Cancellation);
    }
}
