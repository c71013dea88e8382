using Ipdr.Oci.Conversion;
using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Tests.Transfer;
using Ipdr.Oci.Transfer;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>Images that keep their names in a registry, and tags of one that are meant by a pattern.</summary>
public sealed class RegistryMirrorTests : RegistryTest
{
    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task All_tags_that_are_meant_come_and_no_manifest_is_fetched_twice()
    {
        await FillAsync("team/app", "1.0", "1.1", "2.0");
        CopyResult result = await CopyAsync($"oci:{_folder.File("to")}", $"docker://{Registry.Authority}/team/app:1.*");
        Assert.Equal(["1.0", "1.1"], result.Images.Select(image => image.Reference.Split(':')[^1]).Order(StringComparer.Ordinal));
        Assert.Equal(2, Registry.Asked("GET", "manifests").Count());
        Assert.Equal(["team/app:1.0", "team/app:1.1"], (await NamesAsync($"docker://{Registry.Authority}/team/app:1.*")).Select(name => name![(Registry.Authority.Length + 1)..]));
    }

    [Theory]
    [InlineData("/*", "team/app:1.0", "team/app:1.1", "other:1.0", "other:1.1")]
    [InlineData("/team/*", "team/app:1.0", "team/app:1.1")]
    public async Task All_repositories_come_that_have_anything_page_by_page(string pattern, params string[] expected)
    {
        await FillAsync("team/app", "1.0", "1.1");
        Func<FakeRequest, FakeAnswer?> tags = Registry.Intercept;
        Registry.Intercept = request => request.Path switch
        {
            "/v2/_catalog" when request.Query.Length == 0 => new FakeAnswer(200, """{"repositories":["team/app","team/emptied"]}""", "Content-Type: application/json", """Link: </v2/_catalog?last=team%2Femptied&n=2>; rel="next" """.TrimEnd()),
            "/v2/_catalog" => new FakeAnswer(200, """{"repositories":["other"]}""", "Content-Type: application/json"),
            "/v2/team/emptied/tags/list" => new FakeAnswer(404, """{"errors":[{"code":"NAME_UNKNOWN","message":"gone"}]}"""),
            _ => tags(request),
        };
        string place = $"docker://{Registry.Authority}{pattern}";
        Assert.Equal(expected.Order(StringComparer.Ordinal), (await NamesAsync(place)).Select(name => name![(Registry.Authority.Length + 1)..]).Order(StringComparer.Ordinal));
        Registry.Requests.Clear();
        CopyResult result = await CopyAsync($"oci:{_folder.File("to")}", place);
        Assert.Equal(expected.Length, result.Images.Count);
        // One question for the tags of each repository.
        string[] asked = [.. Registry.Asked("GET", "/tags/list").Select(request => request.Path)];
        Assert.Equal(asked.Distinct(), asked);
    }

    [Theory]
    [InlineData(404, "", FaultCode.NotFound, "does not tell its repositories")]
    [InlineData(200, """{"repositories":["elsewhere/app"]}""", FaultCode.NotFound, "no repository there")]
    [InlineData(200, """{"repositories":["Team/../x"]}""", FaultCode.BadAnswer, "a repository that can be none")]
    [InlineData(200, "<html>", FaultCode.BadAnswer, "no list of names")]
    public async Task A_registry_that_does_not_list_its_repositories_is_told(int status, string answer, FaultCode code, string what)
    {
        Registry.Intercept = request => request.Path == "/v2/_catalog" ? new FakeAnswer(status, answer, "Content-Type: application/json") : null;
        Fault fault = (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync($"oci:{_folder.File("to")}", $"docker://{Registry.Authority}/team/*"))).Fault;
        Assert.Equal(code, fault.Code);
        Assert.Contains(what, fault.What, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder.File("to")));
    }

    [Fact]
    public async Task A_pattern_that_nothing_is_like_is_said_and_nothing_is_made()
    {
        await FillAsync("team/app", "1.0");
        Fault fault = (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync($"oci:{_folder.File("to")}", $"docker://{Registry.Authority}/team/app:9.*"))).Fault;
        Assert.Equal((FaultCode.NotFound, $"docker://{Registry.Authority}/team/app:9.*"), (fault.Code, fault.Where));
        Assert.False(Path.Exists(_folder.File("to")));
    }

    [Theory]
    [InlineData("/*", "/v2/team/app/manifests/1", "/v2/library/other/manifests/latest")]
    [InlineData("/mirror/deep/*", "/v2/mirror/deep/team/app/manifests/1", "/v2/mirror/deep/library/other/manifests/latest")]
    public async Task Repositories_and_tags_stay_and_what_one_repository_has_is_mounted_by_the_next(string target, params string[] put)
    {
        await LayoutAsync(("quay.example/team/app:1", [80_000, 5_000]), ("docker.io/library/other:latest", [80_000, 7_000]));
        // Each repository has its own blobs, as a client sees them.
        Registry.Intercept = request => request.Method == "HEAD" && request.Path.Contains("/blobs/", StringComparison.Ordinal) ? new FakeAnswer(404) : null;
        CopyResult result = await CopyAsync($"docker://{Registry.Authority}{target}", $"oci:{_folder.File("layout")}");
        Assert.Equal(put.Order(StringComparer.Ordinal), Registry.Asked("PUT", "manifests").Select(request => request.Path).Where(path => !path.Contains("sha256:", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(2, result.Images.Count);
        Assert.Equal(1, Registry.Asked("PATCH", "uploads").Count(request => request.Length == 80_000));
        Assert.Contains(Registry.Requests, request => request.Method == "POST" && request.Query.Contains("mount=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_another_form_they_keep_their_names_as_well_and_an_archive_is_read_once()
    {
        await LayoutAsync(("example/a:1", [5_000]));
        ConversionOptions zstd = new() { Compression = LayerCompression.Zstd };
        ImagePlace[] from = [ImagePlace.Parse($"oci:{_folder.File("layout")}"), ImagePlace.Parse(Fixtures.Archive("docker2010-multiimage.tar"))];
        CopyResult result = await PlaceCopier.CopyAsync(
            from, ImagePlace.Parse($"docker://{Registry.Authority}/*"), new PlaceOptions { Conversion = zstd }, new CopyOptions { Conversion = zstd }, TestContext.Current.CancellationToken);
        Assert.Equal(["example/a:1", "fixture/child:latest", "fixture/one:1.0", "team/two:v2"], result.Images.Select(image => image.Reference[(Registry.Authority.Length + 1)..]).Order(StringComparer.Ordinal));
        Assert.NotEqual(result.Images[0].Descriptor.Digest, result.Images[0].Original);
        Assert.All(result.Images.Skip(1), image => Assert.Equal(image.Descriptor.Digest, image.Original));
        Assert.Equal(FaultCode.DigestChanged, Assert.Single(result.Warnings).Code);
    }

    [Fact]
    public async Task Into_one_repository_each_goes_under_its_tag()
    {
        await LayoutAsync(("example/a:1", [5_000]), ("example/b:2", [7_000]));
        CopyResult result = await CopyAsync($"docker://{Registry.Authority}/all:*", $"oci:{_folder.File("layout")}");
        Assert.Equal([$"{Registry.Authority}/all:1", $"{Registry.Authority}/all:2"], result.Images.Select(image => image.Reference).Order(StringComparer.Ordinal));
        Assert.All(["1", "2"], tag => Assert.Contains(tag, Registry.Manifests.Keys));
    }

    [Fact]
    public async Task What_a_layout_lists_that_is_no_image_is_left_out_and_named()
    {
        await LayoutAsync(("example/a:1", [5_000]));
        string file = Path.Combine(_folder.File("layout"), "index.json");
        ImageIndex index = Document.ReadIndex(await File.ReadAllBytesAsync(file, Cancellation), file);
        Descriptor note = new(MediaType.Parse("application/xml"), Digest.OfContent(DigestAlgorithm.Sha256, "<a/>"u8), 4);
        await File.WriteAllBytesAsync(file, Document.Write(index with { Manifests = [.. index.Manifests, note] }).ToArray(), Cancellation);
        CopyResult result = await CopyAsync($"docker://{Registry.Authority}/*", $"oci:{_folder.File("layout")}");
        Assert.Equal($"{Registry.Authority}/example/a:1", Assert.Single(result.Images).Reference);
        Fault left = Assert.Single(result.Warnings);
        Assert.Equal(FaultCode.Lost, left.Code);
        Assert.EndsWith(note.Digest.ToString(), left.Where, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_would_be_the_same_are_refused_before_anything_is_sent()
    {
        await LayoutAsync(("one.example/team/app:1", [5_000]), ("two.example/team/app:1", [7_000]));
        foreach (string target in (string[])["/*", "/team/app:*"])
            Assert.Equal(FaultCode.NameConflict, (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync($"docker://{Registry.Authority}{target}", $"oci:{_folder.File("layout")}"))).Fault.Code);
        Assert.Empty(Registry.Requests);
    }

    [Fact]
    public async Task Several_images_for_one_name_are_refused_with_what_has_each_keep_its_own()
    {
        await LayoutAsync(("example/a:1", [5_000]), ("example/b:2", [7_000]));
        Fault fault = (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync($"docker://{Registry.Authority}/team/app", $"oci:{_folder.File("layout")}"))).Fault;
        Assert.Equal(FaultCode.NameConflict, fault.Code);
        Assert.EndsWith("For all of them write docker://HOST/REPO:* or docker://HOST/* where they go.", fault.Remedy, StringComparison.Ordinal);
        Fault named = (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync($"oci:{_folder.File("to")}:one", $"oci:{_folder.File("layout")}"))).Fault;
        Assert.EndsWith("For all of them leave the name out where they go, and each keeps its own.", named.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_no_name_to_keep_is_refused_and_what_was_asked_for_by_digest_keeps_its_repository()
    {
        Descriptor image = Assert.Single(await FillAsync("team/app", "1.0"));
        await CopyAsync($"oci:{_folder.File("layout")}:mine", $"docker://{Registry.Authority}/team/app:1.0");
        Fault fault = (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync($"docker://{Registry.Authority}/*", $"oci:{_folder.File("layout")}"))).Fault;
        Assert.Equal(FaultCode.BadReference, fault.Code);
        Assert.Contains("mine has no repository", fault.What, StringComparison.Ordinal);

        await using FakeRegistry other = new();
        CopyResult result = await CopyAsync($"docker://{other.Authority}/*", $"docker://{Registry.Authority}/team/app@{image.Digest}");
        Assert.Equal($"{other.Authority}/team/app@{image.Digest}", Assert.Single(result.Images).Reference);
        Assert.Equal([image.Digest.ToString()], other.Manifests.Keys);

        // Another form has another digest, and is found by that.
        CopyResult converted = await PlaceCopier.CopyAsync(
            [ImagePlace.Parse($"docker://{Registry.Authority}/team/app@{image.Digest}")], ImagePlace.Parse($"docker://{other.Authority}/*"), Options, new CopyOptions { Conversion = new ConversionOptions { MediaTypes = MediaTypeFamily.Docker, Compression = LayerCompression.Preserve } }, Cancellation);
        Digest made = Assert.Single(converted.Images).Descriptor.Digest;
        Assert.NotEqual(image.Digest, made);
        Assert.Equal($"{other.Authority}/team/app@{made}", converted.Images[0].Reference);
        Assert.Contains(made.ToString(), other.Manifests.Keys);
    }

    [Fact]
    public async Task Where_one_fails_those_before_it_are_there_and_it_is_said()
    {
        await LayoutAsync(("example/a:1", [5_000]), ("example/b:2", [7_000]));
        Registry.Intercept = request => request.Method == "PUT" && request.Path.EndsWith("/manifests/2", StringComparison.Ordinal) ? new FakeAnswer(403, """{"errors":[{"code":"DENIED","message":"quota"}]}""") : null;
        Fault fault = (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync($"docker://{Registry.Authority}/*", $"oci:{_folder.File("layout")}"))).Fault;
        Assert.Contains("1 of 2 images are there", fault.Remedy, StringComparison.Ordinal);
        Assert.Contains("1", Registry.Manifests.Keys);
        Assert.DoesNotContain("2", Registry.Manifests.Keys);
    }

    [Theory]
    [InlineData("docker://{0}/all:1.*")]
    [InlineData("docker://{0}/UPPER/*")]
    [InlineData("docker://{0}/a*")]
    public async Task A_target_of_another_form_is_refused(string target)
    {
        await LayoutAsync(("example/a:1", [5_000]));
        string place = string.Format(System.Globalization.CultureInfo.InvariantCulture, target, Registry.Authority);
        Assert.Equal(FaultCode.BadReference, (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(place, $"oci:{_folder.File("layout")}"))).Fault.Code);
    }

    private PlaceOptions Options => new() { Registries = Quick, StoreHome = _folder.File("store") };

    private Task<CopyResult> CopyAsync(string to, string from) => PlaceCopier.CopyAsync([ImagePlace.Parse(from)], ImagePlace.Parse(to), Options, new CopyOptions(), Cancellation);

    private async Task<List<string?>> NamesAsync(string place) => await ImageLister.ListAsync(ImagePlace.Parse(place), Options, Cancellation).Select(image => image.Name).ToListAsync(Cancellation);

    // Copies an image of its own under each tag, and has the registry list them.
    private async Task<List<Descriptor>> FillAsync(string repository, params string[] tags)
    {
        List<Descriptor> images = [];
        foreach ((int i, string tag) in tags.Index())
        {
            MemorySource source = new();
            images.Add(source.AddImage("linux/amd64", $"example/x:{tag}", 60_000, 1_000 + i));
            await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse($"docker://{Registry.Authority}/{repository}:{tag}"), Options, Cancellation);
            await ImageCopier.CopyAsync(source, destination, new CopyOptions(), cancellationToken: Cancellation);
        }
        Registry.Requests.Clear();
        Registry.Intercept = request => request.Path.EndsWith("/tags/list", StringComparison.Ordinal)
            ? new FakeAnswer(200, $$"""{"name":"{{repository}}","tags":["{{string.Join("\",\"", tags)}}"]}""", "Content-Type: application/json") : null;
        return images;
    }

    private async Task LayoutAsync(params (string Name, int[] Layers)[] images)
    {
        MemorySource source = new();
        foreach ((string name, int[] layers) in images)
            source.AddImage("linux/amd64", name, layers);
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse($"oci:{_folder.File("layout")}"), Options, Cancellation);
        await ImageCopier.CopyAsync(source, destination, new CopyOptions(), cancellationToken: Cancellation);
    }
}
