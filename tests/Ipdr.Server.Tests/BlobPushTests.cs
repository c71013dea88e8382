using System.Net;
using Ipdr.Oci.Digests;

namespace Ipdr.Server.Tests;

/// <summary>distribution-spec, "Pushing Blobs".</summary>
public sealed class BlobPushTests : IAsyncLifetime
{
    private static readonly byte[] Content = TestContent.Bytes(3, 3000);

    private TestRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    [InlineData(DigestAlgorithm.Blake3)]
    public async Task A_single_post_pushes_a_blob(DigestAlgorithm algorithm)
    {
        Digest digest = Digest.OfContent(algorithm, Content);
        using HttpResponseMessage pushed = await _registry.SendAsync(HttpMethod.Post, $"/v2/a/b/blobs/uploads/?digest={Uri.EscapeDataString(digest.ToString())}", TestRegistry.Octets(Content))
            .IsAsync(HttpStatusCode.Created);
        Assert.Equal($"/v2/a/b/blobs/{digest}", pushed.Headers.Location?.ToString());
        Assert.Equal(digest.ToString(), pushed.Header("Docker-Content-Digest"));
        await CheckAsync(digest);
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256, "")]
    [InlineData(DigestAlgorithm.Sha512, "")]
    [InlineData(DigestAlgorithm.Sha512, "?digest-algorithm=sha512")]
    [InlineData(DigestAlgorithm.Blake3, "?digest-algorithm=blake3")]
    public async Task A_post_and_a_put_push_a_blob(DigestAlgorithm algorithm, string query)
    {
        Digest digest = Digest.OfContent(algorithm, Content);
        string place = await _registry.BeginUploadAsync("a/b", query);
        using HttpResponseMessage pushed = await _registry.SendAsync(HttpMethod.Put, $"{place}?digest={digest}", TestRegistry.Octets(Content)).IsAsync(HttpStatusCode.Created);
        Assert.Equal($"/v2/a/b/blobs/{digest}", pushed.Headers.Location?.ToString());
        await CheckAsync(digest);
        await _registry.GetAsync(place).RefusesAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public async Task Chunks_in_order_push_a_blob(DigestAlgorithm algorithm)
    {
        Digest digest = Digest.OfContent(algorithm, Content);
        string place = await _registry.BeginUploadAsync("a/b");
        using (HttpResponseMessage status = await _registry.GetAsync(place).IsAsync(HttpStatusCode.NoContent))
            Assert.Equal("0-0", status.Header("Range"));
        place = await SendChunkAsync(place, 0, 1000);
        using (HttpResponseMessage status = await _registry.GetAsync(place).IsAsync(HttpStatusCode.NoContent))
        {
            Assert.Equal("0-999", status.Header("Range"));
            Assert.Equal(place, status.Headers.Location?.ToString());
            Assert.NotEmpty(status.Header("Docker-Upload-UUID"));
        }
        place = await SendChunkAsync(place, 1000, 1500);
        using HttpResponseMessage pushed = await _registry.SendAsync(
            HttpMethod.Put, $"{place}?digest={digest}", TestRegistry.Octets(Content[2500..]), ("Content-Range", "2500-2999")).IsAsync(HttpStatusCode.Created);
        await CheckAsync(digest);
    }

    [Theory]
    [InlineData("500-1499")]
    [InlineData("1001-2000")]
    [InlineData("0-999")]
    public async Task A_chunk_that_is_out_of_order_changes_nothing(string range)
    {
        string place = await SendChunkAsync(await _registry.BeginUploadAsync("a/b"), 0, 1000);
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Patch, HttpMethod.Put])
        {
            string target = method == HttpMethod.Put ? $"{place}?digest={TestContent.Sha256(Content)}" : place;
            using HttpResponseMessage refused = await _registry.SendAsync(method, target, TestRegistry.Octets(Content[..1000]), ("Content-Range", range))
                .IsAsync(HttpStatusCode.RequestedRangeNotSatisfiable);
            Assert.Equal("0-999", refused.Header("Range"));
            using HttpResponseMessage status = await _registry.GetAsync(place).IsAsync(HttpStatusCode.NoContent);
            Assert.Equal("0-999", status.Header("Range"));
        }
        place = await SendChunkAsync(place, 1000, 2000);
        using HttpResponseMessage pushed = await _registry.SendAsync(HttpMethod.Put, $"{place}?digest={TestContent.Sha256(Content)}").IsAsync(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("bytes 0-999/3000")]
    [InlineData("0-")]
    [InlineData("999-0")]
    [InlineData("-1-5")]
    [InlineData("0-99999999999999999999")]
    public async Task A_chunk_with_a_malformed_range_is_refused(string range)
    {
        string place = await _registry.BeginUploadAsync("a/b");
        await _registry.SendAsync(HttpMethod.Patch, place, TestRegistry.Octets(Content[..1000]), ("Content-Range", range))
            .RefusesAsync(HttpStatusCode.BadRequest, "BLOB_UPLOAD_INVALID");
    }

    [Fact]
    public async Task A_chunk_of_another_length_than_its_range_changes_nothing()
    {
        string place = await _registry.BeginUploadAsync("a/b");
        await _registry.SendAsync(HttpMethod.Patch, place, TestRegistry.Octets(Content[..500]), ("Content-Range", "0-999")).RefusesAsync(HttpStatusCode.BadRequest, "SIZE_INVALID");
        foreach (int length in (int[])[500, 1500])
        {
            StreamContent unsized = new(new UnsizedStream(Content[..length]));
            await _registry.SendAsync(HttpMethod.Patch, place, unsized, ("Content-Range", "0-999")).RefusesAsync(HttpStatusCode.BadRequest, "SIZE_INVALID");
            using HttpResponseMessage status = await _registry.GetAsync(place).IsAsync(HttpStatusCode.NoContent);
            Assert.Equal("0-0", status.Header("Range"));
        }
        await SendChunkAsync(place, 0, 1000);
    }

    [Fact]
    public async Task A_stream_of_unknown_length_pushes_a_blob()
    {
        string place = await _registry.BeginUploadAsync("a/b");
        for (int i = 0; i < 3; i++)
        {
            StreamContent piece = new(new UnsizedStream(Content[(i * 1000)..((i + 1) * 1000)]));
            using HttpResponseMessage sent = await _registry.SendAsync(HttpMethod.Patch, place, piece).IsAsync(HttpStatusCode.Accepted);
            Assert.Equal($"0-{((i + 1) * 1000) - 1}", sent.Header("Range"));
        }
        using HttpResponseMessage pushed = await _registry.SendAsync(HttpMethod.Put, $"{place}?digest={TestContent.Sha256(Content)}").IsAsync(HttpStatusCode.Created);
        await CheckAsync(Digest.OfContent(DigestAlgorithm.Sha256, Content));
    }

    [Fact]
    public async Task An_upload_goes_on_after_the_server_was_started_again()
    {
        string place = await SendChunkAsync(await _registry.BeginUploadAsync("a/b"), 0, 1000);
        await _registry.RestartAsync();
        using (HttpResponseMessage status = await _registry.GetAsync(place).IsAsync(HttpStatusCode.NoContent))
            Assert.Equal("0-999", status.Header("Range"));
        place = await SendChunkAsync(place, 1000, 2000);
        using HttpResponseMessage pushed = await _registry.SendAsync(HttpMethod.Put, $"{place}?digest={TestContent.Sha256(Content)}").IsAsync(HttpStatusCode.Created);
        await CheckAsync(Digest.OfContent(DigestAlgorithm.Sha256, Content));
    }

    [Fact]
    public async Task A_cancelled_upload_is_gone()
    {
        string place = await SendChunkAsync(await _registry.BeginUploadAsync("a/b"), 0, 1000);
        using (await _registry.DeleteAsync(place).IsAsync(HttpStatusCode.NoContent))
        {
        }
        await _registry.GetAsync(place).RefusesAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        await _registry.DeleteAsync(place).RefusesAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        await _registry.SendAsync(HttpMethod.Patch, place, TestRegistry.Octets(Content)).RefusesAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_registry.Home, "uploads")));
    }

    [Fact]
    public async Task An_upload_belongs_to_its_repository()
    {
        string place = await _registry.BeginUploadAsync("a/b");
        await _registry.GetAsync(place.Replace("/a/b/", "/c/d/", StringComparison.Ordinal)).RefusesAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
    }

    [Fact]
    public async Task Content_with_another_digest_is_refused_and_never_seen()
    {
        string wrong = TestContent.Sha256([1]);
        await _registry.SendAsync(HttpMethod.Post, $"/v2/a/b/blobs/uploads/?digest={wrong}", TestRegistry.Octets(Content)).RefusesAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        string place = await _registry.BeginUploadAsync("a/b");
        await _registry.SendAsync(HttpMethod.Put, $"{place}?digest={wrong}", TestRegistry.Octets(Content)).RefusesAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        place = await _registry.BeginUploadAsync("a/b");
        await _registry.SendAsync(HttpMethod.Put, place, TestRegistry.Octets(Content)).RefusesAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        foreach (string digest in (string[])[wrong, TestContent.Sha256(Content)])
            await _registry.GetAsync($"/v2/a/b/blobs/{digest}").RefusesAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_registry.Home, "blobs"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_blob_is_mounted_from_another_repository_or_from_anywhere()
    {
        Digest digest = await _registry.PushBlobAsync("from/here", Content);
        foreach ((string name, string from) in ((string, string)[])[("to/one", "&from=from/here"), ("to/two", "")])
        {
            await _registry.GetAsync($"/v2/{name}/blobs/{digest}").RefusesAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
            using HttpResponseMessage mounted = await _registry.SendAsync(HttpMethod.Post, $"/v2/{name}/blobs/uploads/?mount={digest}{from}").IsAsync(HttpStatusCode.Created);
            Assert.Equal($"/v2/{name}/blobs/{digest}", mounted.Headers.Location?.ToString());
            Assert.Equal(digest.ToString(), mounted.Header("Docker-Content-Digest"));
            using HttpResponseMessage there = await _registry.HeadAsync($"/v2/{name}/blobs/{digest}").IsAsync(HttpStatusCode.OK);
        }
        Assert.Single(Directory.EnumerateFiles(Path.Combine(_registry.Home, "blobs"), "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("from=no/such")]
    [InlineData("from=NOT-A-NAME")]
    [InlineData("x=y")]
    public async Task What_cannot_be_mounted_is_uploaded_instead(string query)
    {
        string place = await _registry.BeginUploadAsync("a/b", $"?mount={TestContent.Sha256(Content)}&{query}");
        using HttpResponseMessage pushed = await _registry.SendAsync(HttpMethod.Put, $"{place}?digest={TestContent.Sha256(Content)}", TestRegistry.Octets(Content)).IsAsync(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("?digest=sha256:nonsense", "DIGEST_INVALID")]
    [InlineData("?mount=nonsense", "DIGEST_INVALID")]
    [InlineData("?digest-algorithm=md5", "DIGEST_INVALID")]
    public async Task Malformed_parameters_of_a_push_are_refused(string query, string code) =>
        await _registry.SendAsync(HttpMethod.Post, "/v2/a/b/blobs/uploads/" + query, TestRegistry.Octets(Content)).RefusesAsync(HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task A_name_that_is_none_gets_no_upload() =>
        await _registry.SendAsync(HttpMethod.Post, "/v2/NOT/blobs/uploads/").RefusesAsync(HttpStatusCode.BadRequest, "NAME_INVALID");

    private async Task<string> SendChunkAsync(string place, int start, int length)
    {
        using HttpResponseMessage sent = await _registry.SendAsync(
            HttpMethod.Patch, place, TestRegistry.Octets(Content[start..(start + length)]), ("Content-Range", $"{start}-{start + length - 1}")).IsAsync(HttpStatusCode.Accepted);
        Assert.Equal($"0-{start + length - 1}", sent.Header("Range"));
        return sent.Headers.Location!.ToString();
    }

    private async Task CheckAsync(Digest digest)
    {
        using HttpResponseMessage blob = await _registry.GetAsync($"/v2/a/b/blobs/{digest}").IsAsync(HttpStatusCode.OK);
        Assert.Equal(Content, await blob.BytesAsync());
    }
}
