using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Tests.Transfer;
using Ipdr.Oci.Transfer;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>Of many images one that fails does not stop the others; what would stop all of them does.</summary>
public sealed class KeepGoingTests : RegistryTest
{
    private static readonly string[] Three = ["example/a:1", "example/b:2", "example/c:3"];

    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("registry")]
    [InlineData("oci")]
    [InlineData("registry-v2")]
    [InlineData("store")]
    public async Task One_that_is_damaged_is_named_and_the_others_are_there(string kind)
    {
        await LayoutAsync(Three);
        string blob = Path.Combine(_folder.File("layout"), OciLayout.PathOf(LayerOf(1)));
        await File.WriteAllBytesAsync(blob, new byte[6_000], Cancellation);
        string to = kind switch { "registry" => $"docker://{Registry.Authority}/*", "store" => "store:", _ => $"{kind}:{_folder.File("to")}" };

        CopyResult result = await CopyAsync(to, $"oci:{_folder.File("layout")}");
        Assert.Equal(2, result.Images.Count);
        FailedImage failed = Assert.Single(result.Failures);
        Assert.Equal(("example/b:2", true, FaultCode.DigestMismatch), (failed.Image, failed.WasTried, failed.Faults[0].Code));
        string[] there = kind == "registry" ? ["1", "3"] : [.. (await ImageLister.ListAsync(ImagePlace.Parse(to), Options, Cancellation).ToListAsync(Cancellation)).Select(image => image.Name!.Split(':')[^1])];
        Assert.Equal(["1", "3"], (kind == "registry" ? Registry.Manifests.Keys.Where(key => !key.Contains(':', StringComparison.Ordinal)) : there.Where(tag => tag != "latest")).Order(StringComparer.Ordinal));
        // What came of it before it failed is no part of the folder.
        if (kind == "oci")
            Assert.Equal(6, Directory.EnumerateFiles(Path.Combine(_folder.File("to"), "blobs", "sha256")).Count());
    }

    [Fact]
    public async Task What_has_arrived_of_a_later_one_before_is_not_asked_for_again()
    {
        await LayoutAsync(Three);
        await CopyAsync($"docker://{Registry.Authority}/all:*", $"oci:{_folder.File("layout")}");
        Directory.CreateDirectory(_folder.File(".to.ipdr.partial"));
        await File.WriteAllBytesAsync(_folder.File($".to.ipdr.partial/sha256-{LayerOf(2).Encoded}"), MemorySource.Bytes(7_000), Cancellation);
        CopyResult result = await CopyAsync($"oci:{_folder.File("to")}", $"docker://{Registry.Authority}/all:*");
        Assert.Equal(3, result.Images.Count);
        Assert.NotEmpty(Registry.Asked("GET", LayerOf(1).ToString()));
        Assert.Empty(Registry.Asked("GET", LayerOf(2).ToString()));
        Assert.False(Path.Exists(_folder.File(".to.ipdr.partial")));
    }

    [Fact]
    public async Task A_place_that_is_not_there_is_named_and_the_others_are_copied()
    {
        await LayoutAsync(Three);
        CopyResult result = await CopyAsync($"oci:{_folder.File("to")}", $"oci:{_folder.File("none")}", $"oci:{_folder.File("layout")}", $"docker://{Registry.Authority}/team/none:1");
        Assert.Equal(3, result.Images.Count);
        Assert.Equal([$"oci:{_folder.File("none")}", $"docker://{Registry.Authority}/team/none:1"], result.Failures.Select(failure => failure.Image));
    }

    [Fact]
    public async Task A_tag_that_leads_to_nothing_and_a_repository_that_is_closed_are_named()
    {
        await LayoutAsync(["example/a:1", "example/a:2"]);
        await CopyAsync($"docker://{Registry.Authority}/*", $"oci:{_folder.File("layout")}");
        Registry.Intercept = request => request.Path switch
        {
            "/v2/_catalog" => new FakeAnswer(200, """{"repositories":["closed/app","example/a"]}""", "Content-Type: application/json"),
            "/v2/closed/app/tags/list" => new FakeAnswer(403, """{"errors":[{"code":"DENIED","message":"closed"}]}"""),
            "/v2/example/a/tags/list" => new FakeAnswer(200, """{"tags":["1","gone","2"]}""", "Content-Type: application/json"),
            _ => null,
        };
        CopyResult result = await CopyAsync($"oci:{_folder.File("to")}", $"docker://{Registry.Authority}/*");
        Assert.Equal(2, result.Images.Count);
        Assert.Equal([($"docker://{Registry.Authority}/closed/app", FaultCode.Unauthorized), ($"{Registry.Authority}/example/a:gone", FaultCode.NotFound)], result.Failures.Select(failure => (failure.Image, failure.Faults[0].Code)));
    }

    [Fact]
    public async Task Without_the_wish_such_a_tag_is_the_end_of_it()
    {
        await LayoutAsync(["example/a:1"]);
        await CopyAsync($"docker://{Registry.Authority}/*", $"oci:{_folder.File("layout")}");
        Registry.Intercept = request => request.Path.EndsWith("/tags/list", StringComparison.Ordinal) ? new FakeAnswer(200, """{"tags":["1","gone"]}""", "Content-Type: application/json") : null;
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => PlaceCopier.CopyAsync([ImagePlace.Parse($"docker://{Registry.Authority}/example/a:*")], ImagePlace.Parse($"oci:{_folder.File("to")}"), Options, new CopyOptions(), Cancellation));
        Assert.Equal(FaultCode.NotFound, e.Fault.Code);
        Assert.False(Path.Exists(_folder.File("to")));
    }

    [Fact]
    public async Task A_manifest_that_the_registry_will_not_have_stops_its_image_alone()
    {
        await LayoutAsync(Three);
        Registry.Intercept = request => request.Method == "PUT" && request.Path.EndsWith("/manifests/2", StringComparison.Ordinal) ? new FakeAnswer(400, """{"errors":[{"code":"MANIFEST_INVALID","message":"no"}]}""") : null;
        CopyResult result = await CopyAsync($"docker://{Registry.Authority}/*", $"oci:{_folder.File("layout")}");
        Assert.Equal(2, result.Images.Count);
        Assert.Equal(("example/b:2", FaultCode.RegistryFailed), (Assert.Single(result.Failures).Image, result.Failures[0].Faults[0].Code));
    }

    [Theory]
    [InlineData(401, "/v2/", 1)]
    [InlineData(503, "/v2/", 1)]
    [InlineData(403, "/v2/example/", 3)]
    public async Task A_registry_that_lets_nobody_in_is_not_tried_with_every_image(int status, string path, int tried)
    {
        await LayoutAsync([.. Enumerable.Range(1, 8).Select(i => $"example/r{i}:1")]);
        Registry.Intercept = request => request.Path.StartsWith(path, StringComparison.Ordinal) ? new FakeAnswer(status) : null;
        CopyResult result = await CopyAsync($"docker://{Registry.Authority}/*", $"oci:{_folder.File("layout")}");
        Assert.Empty(result.Images);
        Assert.Equal((tried, 8 - tried), (result.Failures.Count(failure => failure.WasTried), result.Failures.Count(failure => !failure.WasTried)));
        Assert.Equal(tried, Registry.Requests.Where(request => request.Path.StartsWith("/v2/example/", StringComparison.Ordinal)).Select(request => request.Path.Split('/')[3]).Distinct().Count());
    }

    [Fact]
    public async Task A_registry_that_is_not_there_is_tried_once()
    {
        await LayoutAsync(Three);
        CopyResult result = await CopyAsync("docker://127.0.0.1:1/*", $"oci:{_folder.File("layout")}");
        Assert.Equal([true, false, false], result.Failures.Select(failure => failure.WasTried));
        Assert.All(result.Failures, failure => Assert.Equal(FaultCode.RegistryUnreachable, failure.Faults[0].Code));
    }

    [Fact]
    public async Task A_repository_that_is_closed_is_tried_once_and_the_others_get_theirs()
    {
        await LayoutAsync(["example/a:1", "example/b:1", "example/b:2", "example/b:3", "example/c:1"]);
        Registry.Intercept = request => request.Path.StartsWith("/v2/example/b/", StringComparison.Ordinal) ? new FakeAnswer(403) : null;
        CopyResult result = await CopyAsync($"docker://{Registry.Authority}/*", $"oci:{_folder.File("layout")}");
        Assert.Equal(2, result.Images.Count);
        Assert.Equal([true, false, false], result.Failures.Select(failure => failure.WasTried));
        Assert.All(result.Failures, failure => Assert.Equal(FaultCode.Unauthorized, failure.Faults[0].Code));
    }

    [Fact]
    public async Task A_registry_that_takes_nothing_any_more_is_given_up()
    {
        await LayoutAsync([.. Enumerable.Range(10, 15).Select(i => $"example/r{i}:1")]);
        Registry.Intercept = request => request.Method == "PUT" && request.Path.Contains("/manifests/", StringComparison.Ordinal) && !request.Path.Contains("r10", StringComparison.Ordinal) ? new FakeAnswer(507) : null;
        CopyResult result = await CopyAsync($"docker://{Registry.Authority}/*", $"oci:{_folder.File("layout")}");
        Assert.Single(result.Images);
        Assert.Equal((10, 4), (result.Failures.Count(failure => failure.WasTried), result.Failures.Count(failure => !failure.WasTried)));
    }

    [Fact]
    public async Task A_source_that_is_gone_is_not_asked_for_every_image()
    {
        await LayoutAsync([.. Enumerable.Range(1, 8).Select(i => $"example/r{i}:1")]);
        await CopyAsync($"docker://{Registry.Authority}/*", $"oci:{_folder.File("layout")}");
        await LayoutAsync(["other/x:1"], "other");
        Registry.Requests.Clear();
        string repositories = string.Join(',', Enumerable.Range(1, 8).Select(i => $"\"example/r{i}\""));
        // From the first blob on it hangs up on everybody.
        Registry.Intercept = request => Registry.Asked("GET", "/blobs/").Any() ? new FakeAnswer(0) { HangUpAfter = 0 }
            : request.Path == "/v2/_catalog" ? new FakeAnswer(200, $$"""{"repositories":[{{repositories}}]}""", "Content-Type: application/json") : null;
        await using FakeRegistry target = new();
        CopyResult result = await CopyAsync($"docker://{target.Authority}/*", $"docker://{Registry.Authority}/*", $"oci:{_folder.File("other")}");
        Assert.Equal("other/x:1", Assert.Single(result.Images).Reference[(target.Authority.Length + 1)..]);
        Assert.Equal(1, result.Failures.Count(failure => failure.WasTried));
        Assert.Equal(7, result.Failures.Count(failure => !failure.WasTried));
    }

    [Theory]
    [InlineData("registry")]
    [InlineData("store")]
    public async Task Of_images_that_would_have_one_name_none_is_copied(string kind)
    {
        await LayoutAsync(["one.example/team/app:1", "two.example/team/app:1", "one.example/team/other:1"]);
        CopyResult result = await CopyAsync(kind == "store" ? "store:" : $"docker://{Registry.Authority}/*", $"oci:{_folder.File("layout")}");
        Assert.EndsWith("team/other:1", Assert.Single(result.Images).Reference, StringComparison.Ordinal);
        Assert.Equal([FaultCode.NameConflict, FaultCode.NameConflict], result.Failures.Select(failure => failure.Faults[0].Code));
    }

    [Theory]
    [InlineData("oci-archive:{0}")]
    [InlineData("docker-archive:{0}")]
    [InlineData("oci:{0}:one")]
    [InlineData("store:one:1")]
    [InlineData("docker://127.0.0.1:1/one:1")]
    public async Task Where_images_appear_together_or_one_is_meant_it_is_refused(string place)
    {
        await LayoutAsync(Three);
        string to = string.Format(System.Globalization.CultureInfo.InvariantCulture, place, _folder.File("to"));
        Assert.Equal(FaultCode.BadDestination, (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync(to, $"oci:{_folder.File("layout")}"))).Fault.Code);
        Assert.False(Path.Exists(_folder.File("to")));
    }

    private PlaceOptions Options => new() { Registries = Quick, StoreHome = _folder.File("store") };

    // The layer of an image, which it shares with no other.
    private static Digest LayerOf(int image) => Digest.OfContent(DigestAlgorithm.Sha256, MemorySource.Bytes(5_000 + (1_000 * image)));

    private Task<CopyResult> CopyAsync(string to, params string[] from) =>
        PlaceCopier.CopyAsync([.. from.Select(place => ImagePlace.Parse(place))], ImagePlace.Parse(to), Options, new CopyOptions { KeepGoing = true }, Cancellation);

    private async Task LayoutAsync(string[] names, string folder = "layout")
    {
        MemorySource source = new();
        foreach ((int i, string name) in names.Index())
            source.AddImage("linux/amd64", name, 5_000 + (1_000 * i));
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse($"oci:{_folder.File(folder)}"), Options, Cancellation);
        await ImageCopier.CopyAsync(source, destination, new CopyOptions(), cancellationToken: Cancellation);
    }
}
