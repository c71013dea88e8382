using Ipdr.Oci.Car;
using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Store;
using Ipdr.Oci.Transfer;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Transfer;

/// <summary>Signatures, SBOMs and what else refers to images goes with them where that is asked for.</summary>
public sealed class ReferrerCopyTests : IDisposable
{
    private const string Signature = "application/vnd.example.signature", Bill = "application/vnd.example.sbom";

    private readonly TemporaryFolder _folder = new();
    private readonly MemorySource _source = new();
    private readonly Descriptor _image;
    private readonly Descriptor _index;
    private readonly HashSet<(Digest Referrer, Digest Subject, string? Tag)> _attached = [];

    // An index; an SBOM of one of its images, which is signed itself; a signature of the index, and one as cosign tags it.
    public ReferrerCopyTests()
    {
        _image = _source.AddImage("linux/amd64", null, 1000, 2000);
        _index = _source.AddIndex("example.com/team/app:1", _image, _source.AddImage("linux/arm64", null, 3000));
        Attach(_index, _source.AddArtifact(Signature, _index, 11), null);
        Descriptor bill = Attach(_image, _source.AddArtifact(Bill, _image, 12), null);
        Attach(bill, _source.AddArtifact(Signature, bill, 13), null);
        Attach(_index, _source.AddArtifact(Signature, null, 14), Tag.Parse($"sha256-{_index.Digest.Encoded}.sig"));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CopyOptions WithAll { get; } = new() { AllPlatforms = true, Referrers = true };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task They_go_through_all_kinds_of_places()
    {
        string[] stations =
        [
            $"oci:{_folder.File("a")}", $"oci-archive:{_folder.File("b.tar")}", $"universal:{_folder.File("c")}", "store:team/app:1", $"registry-v2:{_folder.File("d")}", "store:other/app:2", $"oci:{_folder.File("e")}",
        ];
        Assert.Equal(_attached, Said(await CopyAsync(_source, stations[0], WithAll)));
        for (int i = 1; i < stations.Length; i++)
        {
            CopyResult next = await CopyAsync(stations[i - 1], stations[i], WithAll);
            Assert.Equal(_index.Digest, Assert.Single(next.Images).Descriptor.Digest);
            Assert.Equal(_attached, Said(next));
        }
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("universal")]
    public async Task A_layout_with_them_is_sound(string form)
    {
        CopyResult result = await CopyAsync(_source, $"{form}:{_folder.File("a")}", WithAll);
        VerificationReport report = await Verifier.VerifyAsync(VerificationTarget.OfPath(_folder.File("a")), new VerificationOptions { Quick = true }, cancellationToken: Cancellation);
        Assert.DoesNotContain(report.Findings, finding => finding.Code is FaultCode.BadReferrer or FaultCode.MissingSubject or FaultCode.MissingBlob or FaultCode.OrphanBlob or FaultCode.ViewsDisagree or FaultCode.MissingDigestName);
        Assert.Equal(_attached.Count, result.Images[0].Referrers.Count);
    }

    [Fact]
    public async Task Without_being_asked_for_they_stay_where_they_are()
    {
        CopyResult result = await CopyAsync(_source, $"oci:{_folder.File("a")}", WithAll with { Referrers = false });
        Assert.Empty(Assert.Single(result.Images).Referrers);
        Assert.Single((await ReadIndexAsync("a")).Manifests);
    }

    [Fact]
    public async Task Of_one_platform_goes_what_refers_to_its_image()
    {
        CopyResult result = await CopyAsync(_source, $"oci:{_folder.File("a")}", new CopyOptions { Platforms = [Platform.Parse("linux/amd64")], Referrers = true });
        Assert.Equal(_image.Digest, Assert.Single(result.Images).Descriptor.Digest);
        Assert.Equal([Bill, Signature], result.Images[0].Referrers.Select(referrer => referrer.Descriptor.ArtifactType));
    }

    [Fact]
    public async Task A_manifest_that_refers_to_another_one_is_left_out_and_named()
    {
        Descriptor other = _source.AddArtifact(Signature, _image, 99);
        _source.Claim(_index, other);
        CopyResult result = await CopyAsync(_source, $"oci:{_folder.File("a")}", WithAll);
        Fault warning = Assert.Single(result.Warnings, warning => warning.Code == FaultCode.BadReferrer);
        Assert.Contains(other.Digest.ToString(), warning.Where, StringComparison.Ordinal);
        Assert.Equal(_image.Digest.ToString(), warning.Actual);
        Assert.Equal(_attached, Said(result));
        Assert.Equal([warning], (await ImageInspector.InspectAsync(_source, referrers: true, Cancellation)).Warnings);
    }

    [Fact]
    public async Task A_place_that_cannot_hold_them_refuses()
    {
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(_source, $"docker-archive:{_folder.File("a.tar")}", new CopyOptions { Referrers = true }));
        Assert.Equal(FaultCode.BadDestination, e.Fault.Code);
        Assert.False(File.Exists(_folder.File("a.tar")));
    }

    [Fact]
    public async Task In_a_layout_of_one_image_and_its_referrers_it_is_clear_which_is_meant()
    {
        await CopyAsync(_source, $"oci:{_folder.File("a")}", WithAll);
        CopyResult result = await CopyAsync($"oci:{_folder.File("a")}", "store:other/app:2", WithAll with { Referrers = false });
        Assert.Equal(_index.Digest, Assert.Single(result.Images).Descriptor.Digest);
    }

    [Fact]
    public async Task What_refers_to_something_that_is_not_there_is_copied_as_it_is()
    {
        await CopyAsync(_source, $"oci:{_folder.File("a")}", WithAll);
        string index = Path.Combine(_folder.File("a"), OciLayout.IndexFile);
        ImageIndex all = await ReadIndexAsync("a");
        await File.WriteAllBytesAsync(index, Document.Write(all with { Manifests = [.. all.Manifests.Where(entry => entry.Digest != _index.Digest)] }), Cancellation);
        await CopyAsync($"oci:{_folder.File("a")}", $"oci:{_folder.File("b")}", WithAll);
        Assert.Equal(all.Manifests.Select(entry => entry.Digest).Where(digest => digest != _index.Digest), (await ReadIndexAsync("b")).Manifests.Select(entry => entry.Digest));
    }

    [Fact]
    public async Task They_are_shown_below_what_they_refer_to()
    {
        await CopyAsync(_source, $"oci:{_folder.File("a")}", WithAll);
        await using IImageSource layout = await Places.OpenSourceAsync(ImagePlace.Parse($"oci:{_folder.File("a")}"), new PlaceOptions(), Cancellation);
        InspectedManifest index = Assert.Single((await ImageInspector.InspectAsync(layout, referrers: true, Cancellation)).Images).Manifest;
        Assert.Equal([null, $"sha256-{_index.Digest.Encoded}.sig"], index.Referrers.Select(referrer => referrer.Tag?.ToString()));
        InspectedReferrer bill = Assert.Single(index.Manifests[0].Referrers);
        Assert.Equal(Bill, bill.ArtifactType);
        Assert.Equal(Signature, Assert.Single(bill.Manifest.Referrers).ArtifactType);
        Assert.Empty(index.Manifests[1].Referrers);
        Assert.All((await ImageInspector.InspectAsync(layout, cancellationToken: Cancellation)).Images, image => Assert.Empty(image.Manifest.Referrers));
    }

    [Fact]
    public async Task The_image_among_its_signatures_is_the_one_that_is_meant()
    {
        await CopyAsync(_source, $"oci:{_folder.File("a")}", WithAll);
        await using IImageSource layout = await Places.OpenSourceAsync(ImagePlace.Parse($"oci:{_folder.File("a")}"), new PlaceOptions(), Cancellation);
        Assert.Equal(_index.Digest, (await ImageDocuments.FindAsync(layout, Cancellation)).Descriptor.Digest);

        MemorySource two = new();
        two.AddImage("linux/amd64", "example.com/x:1", 100);
        two.AddImage("linux/amd64", "example.com/x:2", 200);
        Assert.Equal(FaultCode.NameConflict, (await Assert.ThrowsAsync<IpdrException>(() => ImageDocuments.FindAsync(two, Cancellation))).Fault.Code);
    }

    // Under cosign's tag stands what the tag is about: neither a copy nor a look goes round in it.
    [Fact]
    public async Task A_tag_that_leads_back_to_its_image_ends()
    {
        MemorySource source = new();
        Descriptor image = source.AddImage("linux/amd64", "example.com/x:1", 100);
        source.Claim(image, image, Tag.Parse($"sha256-{image.Digest.Encoded}.sig"));
        CopyResult result = await CopyAsync(source, $"oci:{_folder.File("a")}", WithAll);
        Assert.Equal(image.Digest, Assert.Single(result.Images[0].Referrers).Descriptor.Digest);
        InspectedManifest seen = Assert.Single((await ImageInspector.InspectAsync(source, referrers: true, Cancellation)).Images).Manifest;
        Assert.Empty(Assert.Single(seen.Referrers).Manifest.Referrers);
    }

    // cosign gives what it tags the config of an image that is for nothing.
    [Fact]
    public async Task What_is_for_no_platform_is_listed_without_one()
    {
        MemorySource source = new();
        Descriptor image = source.AddImage("linux/amd64", "example.com/x:1", 100);
        Descriptor config = source.Add("""{"architecture":"","os":"","rootfs":{"type":"layers","diff_ids":[]}}"""u8.ToArray(), MediaType.OciConfig);
        Descriptor signature = source.Add(Document.Write(new ImageManifest(2) { MediaType = MediaType.OciManifest, Config = config, Layers = [] }).ToArray(), MediaType.OciManifest);
        source.Claim(image, signature, Tag.Parse($"sha256-{image.Digest.Encoded}.sig"));
        await CopyAsync(source, "store:team/app:1", WithAll);
        using ContentStore store = ContentStore.Open(_folder.File("store"));
        Assert.Equal([("1", "linux/amd64"), ($"sha256-{image.Digest.Encoded}.sig", null)], store.ListImages().Select(listed => (listed.Tag.ToString(), listed.Platform?.ToString())));
    }

    // A web server over the folder answers no question about referrers, but gives files (distribution-spec, "Referrers Tag Schema").
    [Theory]
    [InlineData("registry-v2", "team/app/manifests")]
    [InlineData("universal", "manifests")]
    public async Task In_a_registry_of_files_lists_have_tags_and_grow(string form, string manifests)
    {
        await CopyAsync(_source, $"{form}:{_folder.File("a")}", WithAll);
        string list = Path.Combine(_folder.File("a"), manifests, ReferrerTag.ListOf(_image.Digest).ToString());
        ImageIndex before = Document.ReadIndex(await File.ReadAllBytesAsync(list, Cancellation), list);
        Assert.Equal(Bill, Assert.Single(before.Manifests).ArtifactType);
        Assert.Equal("12", before.Manifests[0].Annotations!["size"]);

        Descriptor added = Attach(_image, _source.AddArtifact(Signature, _image, 15), null);
        await CopyAsync(_source, $"{form}:{_folder.File("a")}", WithAll);
        ImageIndex after = Document.ReadIndex(await File.ReadAllBytesAsync(list, Cancellation), list);
        Assert.Equal([before.Manifests[0].Digest, added.Digest], after.Manifests.Select(manifest => manifest.Digest));
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("universal")]
    [InlineData("registry-v2")]
    public async Task A_layout_that_is_served_lists_them_where_the_image_is(string form)
    {
        await CopyAsync(_source, $"{form}:{_folder.File("a")}", WithAll);
        LayoutRegistry registry = LayoutRegistry.Open([_folder.File("a")]);
        RepositoryName name = Assert.Single(await registry.ListRepositoriesAsync("", 10, Cancellation));
        Assert.Equal("team/app", name.ToString());
        foreach ((Digest referrer, Digest subject, string? tag) in _attached)
        {
            Assert.NotNull(await registry.FindManifestAsync(name, referrer, Cancellation));
            if (tag is null)
                Assert.Contains(await registry.ListReferrersAsync(name, subject, null, "", 10, Cancellation), listed => listed.Digest == referrer);
        }
    }

    [Theory]
    [InlineData("registry-v2")]
    [InlineData("universal")]
    public async Task Lists_are_no_images(string form)
    {
        await CopyAsync(_source, $"{form}:{_folder.File("a")}", WithAll);
        Dag dag = await UnixFsImporter.ImportAsync(_folder.File("a"), new ImportOptions { KeepBlocks = true }, Cancellation);
        await CarWriter.WriteAsync(dag, _folder.File("a.car"), cancellationToken: Cancellation);
        CopyResult result = await CopyAsync($"car:{_folder.File("a.car")}", $"oci:{_folder.File("b")}", WithAll with { Referrers = false });
        Assert.DoesNotContain(result.Images, image => ReferrerTag.IsList(image.Reference.Split(':')[^1]));
        Assert.Equal(_attached, Said(await CopyAsync($"car:{_folder.File("a.car")}", $"oci:{_folder.File("c")}", WithAll)));
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("oci-archive")]
    [InlineData("registry-v2")]
    public async Task One_image_of_two_repositories_keeps_what_each_of_them_tags(string form)
    {
        List<Digest> signatures = [];
        foreach (string repository in new[] { "one", "two" })
        {
            MemorySource source = new();
            Descriptor image = source.AddImage("linux/amd64", $"{repository}/app:1", 1000);
            Descriptor signature = source.AddArtifact(Signature, null, 20 + signatures.Count);
            source.Claim(image, signature, Tag.Parse($"sha256-{image.Digest.Encoded}.sig"));
            signatures.Add(signature.Digest);
            await CopyAsync(source, $"oci:{_folder.File("both")}", WithAll);
        }
        string carried = $"{form}:{_folder.File("carried")}";
        await CopyAsync($"oci:{_folder.File("both")}", carried, WithAll);
        await CopyAsync(carried, $"oci:{_folder.File("back")}", WithAll);

        ImageIndex index = await ReadIndexAsync("back");
        Assert.Equal(
            signatures.Select((signature, i) => ($"docker.io/{(i == 0 ? "one" : "two")}/app", signature)),
            index.Manifests.Select(SourceImage.OfEntry).Where(entry => entry.Name!.Tag!.EndsWith(".sig", StringComparison.Ordinal)).Select(entry => (entry.Name!.Name, entry.Descriptor.Digest)).Order());
    }

    // A registry lists what came first, another one what has the smallest digest, and a layout says more of its entries.
    [Fact]
    public async Task What_is_written_does_not_depend_on_who_told_of_them_in_which_order()
    {
        Descriptor[] more = [.. Enumerable.Range(20, 4).Select(size => Attach(_index, _source.AddArtifact(Signature, _index, size), null))];
        await CopyAsync(_source, $"universal:{_folder.File("a")}", WithAll);
        _source.Reorder(referrer => referrer with { Descriptor = referrer.Descriptor with { Platform = Platform.Parse("linux/amd64"), Annotations = new Annotations { ["said"] = "so" } } });
        await CopyAsync(_source, $"universal:{_folder.File("b")}", WithAll);
        Assert.Equal((await UnixFsImporter.ImportAsync(_folder.File("a"), new ImportOptions(), Cancellation)).Root, (await UnixFsImporter.ImportAsync(_folder.File("b"), new ImportOptions(), Cancellation)).Root);
        Assert.All(more, referrer => Assert.True(File.Exists(Path.Combine(_folder.File("b"), "manifests", referrer.Digest.ToString()))));
    }

    private static HashSet<(Digest, Digest, string?)> Said(CopyResult result) =>
        [.. result.Images[0].Referrers.Select(referrer => (referrer.Descriptor.Digest, referrer.Subject, referrer.Tag?.ToString()))];

    private Descriptor Attach(Descriptor subject, Descriptor referrer, Tag? tag)
    {
        _source.Claim(subject, referrer, tag);
        _attached.Add((referrer.Digest, subject.Digest, tag?.ToString()));
        return referrer;
    }

    private async Task<ImageIndex> ReadIndexAsync(string layout)
    {
        string path = Path.Combine(_folder.File(layout), OciLayout.IndexFile);
        return Document.ReadIndex(await File.ReadAllBytesAsync(path, Cancellation), path);
    }

    private async Task<CopyResult> CopyAsync(string from, string to, CopyOptions options)
    {
        await using IImageSource source = await Places.OpenSourceAsync(ImagePlace.Parse(from), new PlaceOptions { StoreHome = _folder.File("store") }, Cancellation);
        return await CopyAsync(source, to, options);
    }

    private async Task<CopyResult> CopyAsync(IImageSource source, string to, CopyOptions options)
    {
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse(to), new PlaceOptions { StoreHome = _folder.File("store") }, Cancellation);
        return await ImageCopier.CopyAsync(source, destination, options, cancellationToken: Cancellation);
    }
}
