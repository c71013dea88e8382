using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Tests.Transfer;
using Ipdr.Oci.Transfer;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>Copies into registries: what they have is not sent, what breaks off goes on, what is damaged is not sent.</summary>
public sealed class UploadTests : RegistryTest
{
    private readonly MemorySource _source = new();

    public UploadTests() => _source.AddImage("linux/amd64", "example/x:1", 700_000, 10_000, 0);

    [Fact]
    public async Task An_image_arrives_and_is_not_sent_twice()
    {
        CopyResult first = await CopyAsync("team/app:1"), second = await CopyAsync("team/app:2");
        Assert.Equal(4, first.CopiedBlobs + first.SkippedBlobs);
        Assert.Equal(["/v2/team/app/manifests/1", "/v2/team/app/manifests/2"], Registry.Asked("PUT", "manifests").Select(request => request.Path));
        Assert.Equal(0, second.CopiedBytes);
        Assert.Equal(Registry.Manifests["1"].Content, Registry.Manifests["2"].Content);
        Assert.Empty(Registry.Uploads);
        Assert.Equal($"{Registry.Authority}/team/app:2", Assert.Single(second.Images).Reference);
    }

    [Fact]
    public async Task An_upload_that_breaks_goes_on_from_what_the_registry_has()
    {
        int breaks = 2;
        Registry.Intercept = request => request.Method == "PATCH" && request.Length > 100_000 && breaks-- > 0 ? new FakeAnswer(0) { HangUpAfter = 250_000 } : null;
        CopyResult result = await CopyAsync("team/app:1");
        Assert.Equal(2, Registry.Asked("PATCH", "uploads").Count(request => request["content-range"] is not null));
        Assert.InRange(result.CopiedBytes, 700_000, 1_900_000);
        Assert.Contains("1", Registry.Manifests.Keys);
    }

    [Fact]
    public async Task A_refusal_that_was_lost_while_bytes_were_sent_is_heard_the_second_time()
    {
        Registry.Intercept = request => request.Method != "PATCH" || request.Length < 100_000 ? null
            : request["expect"] is null ? new FakeAnswer(0) { HangUpAfter = 250_000 } : new FakeAnswer(413) { HangUpAfter = 0 };
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => CopyAsync("team/app:1"));
        Assert.Equal(FaultCode.RegistryFailed, e.Fault.Code);
        Assert.Contains("413", e.Fault.What, StringComparison.Ordinal);
        Assert.Equal(2, Registry.Asked("PATCH", "uploads").Count(request => request.Length > 100_000));
    }

    [Fact]
    public async Task Where_the_registry_does_not_say_what_it_has_the_upload_begins_anew()
    {
        await using FakeRegistry registry = new() { KnowsRanges = false };
        int breaks = 1;
        registry.Intercept = request => request.Method == "PATCH" && request.Length > 100_000 && breaks-- > 0 ? new FakeAnswer(0) { HangUpAfter = 250_000 } : null;
        await CopyAsync("team/app:1", registry);
        Assert.DoesNotContain(registry.Asked("PATCH", "uploads"), request => request["content-range"] is not null);
        Assert.Contains("1", registry.Manifests.Keys);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(404)]
    public async Task An_end_that_is_refused_is_tried_again(int status)
    {
        int refusals = 2;
        Registry.Intercept = request => request.Method == "PUT" && request.Query.Contains("digest=", StringComparison.Ordinal) && refusals-- > 0 ? new FakeAnswer(status) : null;
        await CopyAsync("team/app:1");
        Assert.Contains("1", Registry.Manifests.Keys);
    }

    [Fact]
    public async Task Content_that_is_damaged_is_not_completed()
    {
        _source.Wrap = (blob, stream) => blob.Size == 10_000 ? new MemoryStream(new byte[10_000]) : stream;
        await Assert.ThrowsAsync<DigestMismatchException>(() => CopyAsync("team/app:1"));
        Assert.DoesNotContain("1", Registry.Manifests.Keys);
        Assert.Equal(10_000, Assert.Single(_source.Sizes, size => size == 10_000));
        Assert.DoesNotContain(Registry.Blobs.Values, blob => blob.Length == 10_000);
    }

    [Fact]
    public async Task A_registry_that_does_not_take_it_says_why()
    {
        Registry.Intercept = request => request.Method == "POST" ? new FakeAnswer(403, """{"errors":[{"code":"DENIED","message":"this is read only"}]}""") : null;
        Fault fault = (await Assert.ThrowsAsync<IpdrException>(() => CopyAsync("team/app:1"))).Fault;
        Assert.Equal(FaultCode.Unauthorized, fault.Code);
        Assert.Contains("this is read only", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blobs_of_another_repository_of_the_same_registry_are_mounted()
    {
        await CopyAsync("team/app:1");
        Registry.Requests.Clear();
        // Each repository has its own view.
        Registry.Intercept = request => request.Method == "HEAD" && request.Path.Contains("/other/", StringComparison.Ordinal) && request.Path.Contains("/blobs/", StringComparison.Ordinal) ? new FakeAnswer(404) : null;
        await using IImageSource source = await Places.OpenSourceAsync(ImagePlace.Parse($"docker://{Registry.Authority}/team/app:1"), Options, Cancellation);
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse($"docker://{Registry.Authority}/other/app:1"), Options, Cancellation);
        CopyResult result = await ImageCopier.CopyAsync(source, destination, new CopyOptions(), cancellationToken: Cancellation);
        Assert.Equal(0, result.CopiedBytes);
        Assert.Empty(Registry.Asked("PATCH", "uploads"));
        Assert.All(Registry.Asked("POST", "uploads"), request => Assert.Contains("from=team/app", request.Query, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(500)]
    public async Task A_registry_that_does_not_mount_is_sent_the_bytes(int status)
    {
        await CopyAsync("team/app:1");
        Registry.Requests.Clear();
        Registry.Intercept = request => request.Query.Contains("mount=", StringComparison.Ordinal) ? new FakeAnswer(status)
            : request.Method == "HEAD" && request.Path.Contains("/other/", StringComparison.Ordinal) ? new FakeAnswer(404) : null;
        await using IImageSource source = await Places.OpenSourceAsync(ImagePlace.Parse($"docker://{Registry.Authority}/team/app:1"), Options, Cancellation);
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse($"docker://{Registry.Authority}/other/app:1"), Options, Cancellation);
        CopyResult result = await ImageCopier.CopyAsync(source, destination, new CopyOptions(), cancellationToken: Cancellation);
        Assert.InRange(result.CopiedBytes, 710_000, 720_000);
        Assert.Contains(Registry.Asked("POST", "uploads"), request => request.Query.Contains("mount=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(405)]
    [InlineData(501)]
    public async Task A_registry_that_does_not_know_HEAD_is_sent_all(int status)
    {
        Registry.Intercept = request => request.Method == "HEAD" ? new FakeAnswer(status) : null;
        CopyResult result = await CopyAsync("team/app:1");
        Assert.InRange(result.CopiedBytes, 710_000, 720_000);
        Assert.Contains("1", Registry.Manifests.Keys);
    }

    [Fact]
    public async Task From_one_registry_to_a_folder_a_break_is_not_even_noticed()
    {
        await CopyAsync("team/app:1");
        int breaks = 3;
        Registry.Intercept = request => request.Method == "GET" && request["range"] is null && request.Path.Contains("/blobs/", StringComparison.Ordinal) && Registry.Blobs[request.Path.Split('/')[^1]] is { Length: > 100_000 } blob && breaks-- > 0
            ? new FakeAnswer(200, blob) { CutAfter = 300_000 } : null;
        using TemporaryFolder folder = new();
        await using IImageSource source = await Places.OpenSourceAsync(ImagePlace.Parse($"docker://{Registry.Authority}/team/app:1"), Options, Cancellation);
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse($"oci:{folder.File("a")}"), Options, Cancellation);
        CopyResult result = await ImageCopier.CopyAsync(source, destination, new CopyOptions(), cancellationToken: Cancellation);
        Assert.InRange(result.CopiedBytes, 710_000, 720_000);
    }

    private static PlaceOptions Options { get; } = new() { Registries = Quick };

    private Task<CopyResult> CopyAsync(string name) => CopyAsync(name, Registry);

    private async Task<CopyResult> CopyAsync(string name, FakeRegistry registry)
    {
        await using IImageDestination destination = await Places.OpenDestinationAsync(ImagePlace.Parse($"docker://{registry.Authority}/{name}"), Options, Cancellation);
        return await ImageCopier.CopyAsync(_source, destination, new CopyOptions(), cancellationToken: Cancellation);
    }
}
