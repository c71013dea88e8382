using Ipdr.Oci.Car;
using Ipdr.Oci.Destinations;
using Ipdr.Oci.Destinations.Dags;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Images;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Serving;
using Ipdr.Oci.Resolution;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Store;
using Ipdr.Oci.Transfer;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Tests.Transfer;

/// <summary>Signatures, SBOMs and what else refers to images goes into CIDs and comes out of them where that is asked for.</summary>
public sealed class ReferrerPushTests : IDisposable
{
    private const string Signature = "application/vnd.example.signature", Bill = "application/vnd.example.sbom";

    private readonly TemporaryFolder _folder = new();
    private readonly MemorySource _source = new();
    private readonly Descriptor _index;
    private readonly HashSet<(Digest Referrer, Digest Subject, string? Tag)> _attached = [];

    // An index; an SBOM of one of its images, which is signed itself; two signatures of the index, and one as cosign tags it.
    public ReferrerPushTests()
    {
        Descriptor image = _source.AddImage("linux/amd64", null, 1000, 2000);
        _index = _source.AddIndex("example.com/team/app:1", image, _source.AddImage("linux/arm64", null, 3000));
        Attach(_index, _source.AddArtifact(Signature, _index, 11), null);
        Attach(_index, _source.AddArtifact(Signature, _index, 15), null);
        Descriptor bill = Attach(image, _source.AddArtifact(Bill, image, 12), null);
        Attach(bill, _source.AddArtifact(Signature, bill, 13), null);
        Attach(_index, _source.AddArtifact(Signature, null, 14), ReferrerTag.CosignOf(_index.Digest).First());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("oci:{0}", true)]
    [InlineData("oci-archive:{0}", true)]
    [InlineData("universal:{0}", true)]
    [InlineData("registry-v2:{0}", true)]
    [InlineData("store:team/app:1", true)]
    [InlineData("oci:{0}", false)]
    [InlineData("universal:{0}", false)]
    [InlineData("registry-v2:{0}", false)]
    [InlineData("store:team/app:1", false)]
    public async Task The_cid_is_that_of_the_folder_that_a_copy_writes(string written, bool referrers)
    {
        string place = string.Format(null, written, _folder.File("a"));
        await CopyAsync(place);
        await CopyAsync($"universal:{_folder.File("b")}:team/app:1", referrers);
        PushResult pushed = await PushAsync(place, referrers);
        Assert.Equal((await UnixFsImporter.ImportAsync(_folder.File("b"), new ImportOptions(), Cancellation)).Root, pushed.Root);
        Assert.Equal(("team/app:1", _index.Digest), (pushed.Reference.ToString(), pushed.Manifest));
        Assert.Equal(referrers ? _attached : [], Said(pushed.Referrers));
        // Once more, of what is there by now.
        Assert.Equal(pushed.Root, (await PushAsync(place, referrers)).Root);
    }

    [Fact]
    public async Task A_car_keeps_its_root_and_what_it_holds_is_found()
    {
        await CopyAsync($"universal:{_folder.File("a")}");
        Dag dag = await UnixFsImporter.ImportAsync(_folder.File("a"), new ImportOptions { KeepBlocks = true }, Cancellation);
        await CarWriter.WriteAsync(dag, _folder.File("a.car"), cancellationToken: Cancellation);
        PushResult pushed = await PushAsync($"car:{_folder.File("a.car")}");
        Assert.Equal(dag.Root, pushed.Root);
        Assert.Equal(_attached, Said(pushed.Referrers));
        Assert.Equal(_attached.Select(referrer => referrer.Referrer).ToHashSet(), await SeenAsync($"store:{pushed.Reference}"));
        Assert.Empty((await PushAsync($"car:{_folder.File("a.car")}", referrers: false)).Referrers);
    }

    [Fact]
    public async Task A_signed_archive_is_its_image()
    {
        await CopyAsync($"oci-archive:{_folder.File("a")}");
        PushResult pushed = await PushAsync($"oci-archive:{_folder.File("a")}", referrers: false);
        Assert.Equal("team/app:1", pushed.Reference.ToString());
        using ContentStore store = ContentStore.Open(_folder.File("here"));
        Assert.Equal(pushed.Manifest, Assert.Single(store.ListImages()).Digest);
        Assert.All(_attached, referrer => Assert.Null(store.FindBlob(referrer.Referrer)));
    }

    [Fact]
    public async Task Where_there_are_none_the_cid_is_that_of_the_image()
    {
        MemorySource bare = new();
        bare.AddImage("linux/amd64", "team/bare:1", 100);
        await CopyAsync(bare, $"oci:{_folder.File("a")}", referrers: true);
        Assert.Equal((await PushAsync($"oci:{_folder.File("a")}", referrers: false)).Root, (await PushAsync($"oci:{_folder.File("a")}")).Root);
    }

    [Theory]
    [InlineData("docker-archive:absent.tar")]
    [InlineData("docker-daemon:absent")]
    [InlineData(null)]
    public async Task A_place_that_cannot_hold_them_is_refused(string? place)
    {
        place ??= Fixtures.Archive("docker2010-one.tar");
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => PushAsync(place));
        Assert.Equal(FaultCode.BadDestination, e.Fault.Code);
        Assert.Contains("leave --referrers out", e.Fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oci:{0}")]
    [InlineData("oci-archive:{0}")]
    [InlineData("registry-v2:{0}")]
    [InlineData("universal:{0}")]
    [InlineData("store:")]
    public async Task They_come_back_out_of_a_cid(string written)
    {
        Cid root = await PackAsync();
        string place = string.Format(null, written, _folder.File("out"));
        using (CarFile car = await CarFile.OpenAsync(_folder.File("a.car"), cancellationToken: Cancellation))
        {
            PullResult pulled = await PullAsync(root, place, true, new PooledSource("car", car));
            Assert.Equal(_attached, Said(pulled.Referrers));
            Assert.Equal($"{root}:1", pulled.Stored!.ToString());
            Assert.Equal(_index.Digest, pulled.Manifest);
            Assert.DoesNotContain("sha256-", pulled.Reference, StringComparison.Ordinal);
        }
        HashSet<Digest> all = [.. _attached.Select(referrer => referrer.Referrer)];
        Assert.Equal(all, await SeenAsync($"store:{root}:1", "there"));
        if (written != "store:")
            Assert.Equal(all, await SeenAsync(place, "there"));
        // By its CID too, and nobody else is needed for that.
        Assert.Equal(all, await SeenAsync($"ipfs://{root}", "there"));
    }

    [Fact]
    public async Task Without_being_asked_for_they_stay_below_the_cid()
    {
        Cid root = await PackAsync();
        using (CarFile car = await CarFile.OpenAsync(_folder.File("a.car"), cancellationToken: Cancellation))
        {
            PullResult pulled = await PullAsync(root, $"oci:{_folder.File("out")}", false, new PooledSource("car", car));
            Assert.Empty(pulled.Referrers);
            Assert.Equal($"oci:{_folder.File("out")}:1", pulled.Reference);
        }
        Assert.Empty(await SeenAsync($"oci:{_folder.File("out")}", "there"));
        Assert.Empty(await SeenAsync($"store:{root}:1", "there"));
        PullResult again = await PullAsync(root, "store:", true);
        Assert.Equal((0, _attached.Count), (again.FetchedBytes, again.Referrers.Count));
    }

    [Fact]
    public async Task What_cannot_hold_them_is_refused_before_anything_is_fetched()
    {
        Cid root = await PackAsync();
        foreach (string place in (string[])[$"docker-archive:{_folder.File("out")}", "docker-daemon:x"])
            Assert.Equal(FaultCode.BadDestination, (await Assert.ThrowsAsync<IpdrException>(() => PullAsync(root, place, true))).Fault.Code);
    }

    [Fact]
    public async Task A_name_that_leads_to_a_cid_has_them()
    {
        Cid root = await PackAsync();
        RepositoryName name = RepositoryName.Parse("some/name");
        FolderResolver resolver = new(_folder.File("names"));
        await resolver.RememberAsync(name, Tag.Parse("1"), root, Cancellation);
        using ContentStore store = ContentStore.Open(_folder.File("here"));
        CidRegistry registry = new(new JoinedRegistry([]), store, null, resolver);
        Digest[] signatures = [.. _attached.Where(referrer => referrer.Subject == _index.Digest && referrer.Tag is null).Select(referrer => referrer.Referrer).OrderBy(digest => digest.ToString(), StringComparer.Ordinal)];
        foreach (RepositoryName asked in (RepositoryName[])[name, RepositoryName.Parse(root.ToString())])
            Assert.Equal(signatures, (await registry.ListReferrersAsync(asked, _index.Digest, Signature, "", 10, Cancellation)).Select(referrer => referrer.Digest));
        Assert.Equal(signatures[1..], (await registry.ListReferrersAsync(name, _index.Digest, null, signatures[0].ToString(), 10, Cancellation)).Select(referrer => referrer.Digest));
        Assert.Empty(await registry.ListReferrersAsync(name, Digest.OfContent(DigestAlgorithm.Sha256, [1]), null, "", 10, Cancellation));
    }

    private static HashSet<(Digest, Digest, string?)> Said(IEnumerable<SourceReferrer> referrers) =>
        [.. referrers.Select(referrer => (referrer.Descriptor.Digest, referrer.Subject, referrer.Tag?.ToString()))];

    private Descriptor Attach(Descriptor subject, Descriptor referrer, Tag? tag)
    {
        _source.Claim(subject, referrer, tag);
        _attached.Add((referrer.Digest, subject.Digest, tag?.ToString()));
        return referrer;
    }

    private PlaceOptions Options(string home = "here") => new() { StoreHome = _folder.File(home) };

    private Task CopyAsync(string to, bool referrers = true) => CopyAsync(_source, to, referrers);

    private async Task CopyAsync(IImageSource source, string to, bool referrers)
    {
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse(to), Options(), Cancellation);
        await ImageCopier.CopyAsync(source, destination, new CopyOptions { AllPlatforms = true, Referrers = referrers }, cancellationToken: Cancellation);
    }

    private async Task<PushResult> PushAsync(string place, bool referrers = true, params IDagDestination[] destinations)
    {
        using ContentStore store = ContentStore.Open(_folder.File("here"));
        return await new ImagePusher(store, Options()) { Referrers = referrers }.PushAsync(ImagePlace.Parse(place), destinations, Cancellation);
    }

    // The CID of the image and all that refers to it, and its blocks in a.car.
    private async Task<Cid> PackAsync()
    {
        await CopyAsync($"oci:{_folder.File("a")}");
        await using CarDestination car = CarDestination.ToFile(_folder.File("a.car"));
        PushResult pushed = await PushAsync($"oci:{_folder.File("a")}", true, car);
        Assert.Null(Assert.Single(pushed.Delivered).Failure);
        return pushed.Root;
    }

    private async Task<PullResult> PullAsync(Cid root, string to, bool referrers, params PooledSource[] sources)
    {
        using ContentStore store = ContentStore.Open(_folder.File("there"));
        await using BlockPool pool = new(sources);
        PullOptions options = new() { Copy = new CopyOptions { AllPlatforms = true, Referrers = referrers }, Destination = to == "store:" ? new ImagePlace(PlaceKind.Store, "", null) : ImagePlace.Parse(to) };
        return await new ImagePuller(store, Options("there")).PullAsync(root, pool, options, Cancellation);
    }

    // All that is shown of a place as referring to something.
    private async Task<HashSet<Digest>> SeenAsync(string place, string home = "here")
    {
        await using IImageSource source = await Places.OpenSourceAsync(ImagePlace.Parse(place), Options(home), Cancellation);
        Queue<InspectedManifest> left = new((await ImageInspector.InspectAsync(source, referrers: true, Cancellation)).Images.Select(image => image.Manifest));
        HashSet<Digest> seen = [];
        while (left.TryDequeue(out InspectedManifest? manifest))
        {
            foreach (InspectedManifest child in manifest.Manifests.Concat(manifest.Referrers.Select(referrer => referrer.Manifest)))
                left.Enqueue(child);
            seen.UnionWith(manifest.Referrers.Select(referrer => referrer.Manifest.Descriptor.Digest));
        }
        return seen;
    }
}
