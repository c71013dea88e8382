using System.Diagnostics;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>Registries that lie, break off, stall or send elsewhere.</summary>
public sealed class HostileRegistryTests : RegistryTest
{
    private static readonly byte[] Manifest = Document.Write(new ImageManifest(2)
    {
        MediaType = MediaType.OciManifest,
        Config = new Descriptor(MediaType.OciConfig, Digest.OfContent(DigestAlgorithm.Sha256, "{}"u8), 2),
    }).ToArray();

    [Fact]
    public async Task A_manifest_is_held_against_the_digest_that_was_asked_for_and_the_one_that_is_said()
    {
        Descriptor descriptor = Registry.AddManifest("1", Manifest, MediaType.OciManifest);
        Assert.Equal(descriptor.Digest, (await Client().GetManifestAsync("1", Cancellation)).Digest);

        Registry.Manifests[descriptor.Digest.ToString()] = (MediaType.OciManifest.ToString(), [.. Manifest, (byte)' ']);
        await Assert.ThrowsAsync<DigestMismatchException>(() => Client().GetManifestAsync(descriptor.Digest.ToString(), Cancellation));

        Registry.Intercept = _ => new FakeAnswer(200, Manifest, $"Content-Type: {MediaType.OciManifest}", $"Docker-Content-Digest: {Digest.OfContent(DigestAlgorithm.Sha256, [])}");
        await Assert.ThrowsAsync<DigestMismatchException>(() => Client().GetManifestAsync("1", Cancellation));
    }

    [Theory]
    [InlineData("text/html", "<html>Log in to use this network</html>")]
    [InlineData("application/json", "{}")]
    [InlineData("application/vnd.oci.image.manifest.v1+json", "{\"schemaVersion\":2")]
    [InlineData("application/vnd.docker.distribution.manifest.v1+prettyjws", "{\"schemaVersion\":1}")]
    public async Task What_is_no_manifest_is_refused(string type, string body)
    {
        Registry.Intercept = request => request.Path == "/v2/" ? null : new FakeAnswer(200, body, $"Content-Type: {type}");
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => Client().GetManifestAsync("1", Cancellation));
        Assert.Contains(e.Fault.Code, (FaultCode[])[FaultCode.BadAnswer, FaultCode.BadManifest, FaultCode.UnsupportedMediaType]);
    }

    [Fact]
    public async Task A_manifest_of_a_plain_web_server_is_told_by_its_content()
    {
        Registry.Intercept = request => request.Path == "/v2/" ? null : new FakeAnswer(200, Manifest, "Content-Type: application/octet-stream");
        RegistryManifest manifest = await Client().GetManifestAsync("1", Cancellation);
        Assert.Equal(MediaType.OciManifest, manifest.MediaType);
    }

    [Fact]
    public async Task A_manifest_without_an_end_is_not_read_for_ever()
    {
        Registry.Intercept = request => request.Path == "/v2/" ? null : new FakeAnswer(200, new byte[Document.MaxBytes + 10], $"Content-Type: {MediaType.OciManifest}");
        Assert.Equal(FaultCode.Limit, (await Assert.ThrowsAsync<IpdrException>(() => Client().GetManifestAsync("1", Cancellation))).Fault.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_blob_that_is_cut_off_goes_on_from_there(bool ranges)
    {
        await using FakeRegistry registry = new() { KnowsRanges = ranges };
        byte[] content = Bytes(3_000_000);
        Descriptor blob = registry.AddBlob(content);
        int cuts = 3;
        registry.Intercept = request => request.Path.Contains("/blobs/", StringComparison.Ordinal) && cuts-- > 0
            ? ranges && request["range"] is { } range
                ? new FakeAnswer(206, content[int.Parse(range[6..^1], null)..], $"Content-Range: bytes {range[6..^1]}-{content.Length - 1}/{content.Length}") { CutAfter = 400_000 }
                : new FakeAnswer(200, content) { CutAfter = 1_000_000 }
            : null;
        using RegistryClient client = new(ImageReference.Parse($"{registry.Authority}/x"), Quick);
        Assert.Equal(content, await ReadAsync(client, blob));
        Assert.Equal(content[1234..], await ReadAsync(client, blob, 1234));
    }

    [Theory]
    [InlineData(416, null)]
    [InlineData(206, "Content-Range: bytes 0-99999/100000")]
    [InlineData(206, "Content-Range: bytes 70000-99999/100000")]
    public async Task Where_ranges_do_not_work_all_of_a_blob_is_asked_for(int status, string? header)
    {
        byte[] content = Bytes(100_000);
        Descriptor blob = Registry.AddBlob(content);
        byte[] part = header is null ? [] : header.Contains(" 0-", StringComparison.Ordinal) ? content : content[70_000..];
        Registry.Intercept = request => request["range"] is null ? null : new FakeAnswer(status, part, header is null ? [] : [header]);
        Assert.Equal(content[50_000..], await ReadAsync(Client(), blob, 50_000));
    }

    [Fact]
    public async Task A_server_that_the_registry_sends_to_and_that_refuses_is_no_reason_to_log_in()
    {
        await using FakeRegistry storage = new();
        storage.Intercept = _ => new FakeAnswer(403, "");
        Descriptor blob = Registry.AddBlob(Bytes(100));
        Registry.Intercept = request => request.Path.Contains("/blobs/", StringComparison.Ordinal) ? new FakeAnswer(307, "", $"Location: http://{storage.Authority}/x?signature=y") : null;
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => ReadAsync(Client(), blob));
        Assert.Equal(FaultCode.RegistryFailed, e.Fault.Code);
        Assert.DoesNotContain("ipdr login", e.Fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_there_cannot_be_is_told() =>
        Assert.Equal(FaultCode.BadReference, Assert.Throws<IpdrException>(() => new RegistryClient(ImageReference.Parse("localhost:99999/a"), Quick)).Fault.Code);

    [Theory]
    [InlineData("/manifests/")]
    [InlineData("/tags/list")]
    [InlineData("/v2/_catalog")]
    [InlineData("/referrers/")]
    public async Task A_document_that_is_cut_off_is_asked_for_again_and_given_up_in_the_end(string path)
    {
        byte[] manifest = """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"""u8.ToArray();
        Descriptor image = Registry.AddManifest("1.0", manifest, MediaType.OciIndex);
        byte[] names = """{"tags":["1.0"],"repositories":["team/app"]}"""u8.ToArray();
        int cuts = 3;
        Registry.Intercept = request => !request.Path.Contains(path, StringComparison.Ordinal) ? null
            : new FakeAnswer(200, path is "/manifests/" or "/referrers/" ? manifest : names, $"Content-Type: {MediaType.OciIndex}") { CutAfter = cuts-- > 0 ? 20 : -1 };
        RegistryClient client = Client();
        Func<Task<int>> ask = path switch
        {
            "/manifests/" => async () => (await client.GetManifestAsync("1.0", Cancellation)).Digest == image.Digest ? 1 : 0,
            "/tags/list" => async () => await client.ListTagsAsync(Cancellation).CountAsync(Cancellation),
            "/v2/_catalog" => async () => await client.ListRepositoriesAsync(Cancellation).CountAsync(Cancellation),
            _ => async () => 1 + (await new RegistryReferrers(client).ListAsync(image.Digest, Cancellation)).Count,
        };
        Assert.Equal(1, await ask());
        Assert.Equal(4, Registry.Asked("GET", path).Count());
        cuts = int.MaxValue;
        Registry.Requests.Clear();
        Assert.Equal(FaultCode.RegistryUnreachable, (await Assert.ThrowsAsync<IpdrException>(ask)).Fault.Code);
        Assert.Equal(Quick.MaxAttempts, Registry.Asked("GET", path).Count());
    }

    [Fact]
    public async Task A_blob_that_is_always_cut_off_is_given_up()
    {
        Descriptor blob = Registry.AddBlob(Bytes(100_000));
        Registry.Intercept = request => request.Path.Contains("/blobs/", StringComparison.Ordinal) ? new FakeAnswer(200, new byte[100_000]) { CutAfter = 0 } : null;
        Assert.Equal(FaultCode.RegistryUnreachable, (await Assert.ThrowsAsync<IpdrException>(() => ReadAsync(Client(), blob))).Fault.Code);
        Assert.InRange(Registry.Asked("GET", "/blobs/").Count(), 2, 20);
    }

    [Fact]
    public async Task An_endless_trickle_is_given_up()
    {
        Descriptor blob = Registry.AddBlob(Bytes(50_000));
        Registry.Intercept = request => request.Path.Contains("/blobs/", StringComparison.Ordinal) ? new FakeAnswer(200, new byte[50_000]) { Trickle = TimeSpan.FromMilliseconds(20) } : null;
        long start = Stopwatch.GetTimestamp();
        RegistryOptions impatient = Quick with { Patience = TimeSpan.FromMilliseconds(300), MaxAttempts = 2 };
        Assert.Equal(FaultCode.RegistryUnreachable, (await Assert.ThrowsAsync<IpdrException>(() => ReadAsync(Client(impatient), blob))).Fault.Code);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_page_instead_of_a_blob_is_refused_at_once()
    {
        Descriptor blob = Registry.AddBlob(Bytes(50_000));
        Registry.Intercept = request => request.Path.Contains("/blobs/", StringComparison.Ordinal) ? new FakeAnswer(200, "<html>", "Content-Type: text/html") : null;
        Fault fault = (await Assert.ThrowsAsync<IpdrException>(() => ReadAsync(Client(), blob))).Fault;
        Assert.Equal(FaultCode.BadAnswer, fault.Code);
        Assert.Contains("text/html", fault.Actual, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, "Retry-After: 1")]
    [InlineData(503, "Retry-After: 0")]
    [InlineData(500, "X-Nothing: 0")]
    public async Task Who_is_told_to_come_back_comes_back(int status, string header)
    {
        Registry.AddManifest("1", Manifest, MediaType.OciManifest);
        int refusals = 2;
        Registry.Intercept = request => request.Path.Contains("manifests", StringComparison.Ordinal) && refusals-- > 0 ? new FakeAnswer(status, "", header) : null;
        long start = Stopwatch.GetTimestamp();
        await Client().GetManifestAsync("1", Cancellation);
        Assert.Equal(3, Registry.Asked("GET", "manifests").Count());
        Assert.True(status != 429 || Stopwatch.GetElapsedTime(start) >= TimeSpan.FromSeconds(1.9));
    }

    [Fact]
    public async Task Who_is_told_to_stay_away_for_long_says_so()
    {
        Registry.Intercept = request => request.Path == "/v2/" ? null : new FakeAnswer(429, """{"errors":[{"code":"TOOMANYREQUESTS","message":"enough for today"}]}""", "Retry-After: 3600");
        Fault fault = (await Assert.ThrowsAsync<IpdrException>(() => Client().GetManifestAsync("1", Cancellation))).Fault;
        Assert.Contains("429", fault.What, StringComparison.Ordinal);
        Assert.Contains("enough for today", fault.What, StringComparison.Ordinal);
        Assert.Single(Registry.Asked("GET", "manifests"));
    }

    [Fact]
    public async Task What_is_shown_to_a_registry_is_not_shown_where_it_sends()
    {
        await using FakeRegistry elsewhere = new();
        Descriptor blob = elsewhere.AddBlob(Bytes(1000));
        Registry.Intercept = request => request.Path.Contains("/blobs/", StringComparison.Ordinal)
            ? request["authorization"] is null ? new FakeAnswer(401, "", $"WWW-Authenticate: Bearer realm=\"http://{Registry.Authority}/token\",service=\"s\"") : new FakeAnswer(307, "", $"Location: http://{elsewhere.Authority}{request.Path}?signature=1")
            : request.Path == "/token" ? new FakeAnswer(200, """{"token":"secret"}""") : null;
        Assert.Equal(Bytes(1000), await ReadAsync(Client(), blob));
        Assert.Contains(Registry.Requests, request => request["authorization"] == "Bearer secret");
        Assert.All(elsewhere.Requests, request => Assert.Null(request["authorization"]));
        Assert.NotEmpty(elsewhere.Requests);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("http://user:pass@127.0.0.1/x")]
    [InlineData("/v2/team/app/blobs/round-and-round")]
    public async Task Where_nobody_should_go_nobody_goes(string location)
    {
        Descriptor blob = Registry.AddBlob(Bytes(1000));
        Registry.Intercept = request => request.Path.Contains("/blobs/", StringComparison.Ordinal) ? new FakeAnswer(302, "", $"Location: {location}") : null;
        Assert.Equal(FaultCode.BadAnswer, (await Assert.ThrowsAsync<IpdrException>(() => ReadAsync(Client(), blob))).Fault.Code);
    }
}
