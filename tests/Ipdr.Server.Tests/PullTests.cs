using System.Net;
using Ipdr.Oci.Digests;

namespace Ipdr.Server.Tests;

/// <summary>distribution-spec, "Pull".</summary>
public sealed class PullTests : IAsyncLifetime
{
    private TestRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Theory]
    [InlineData("/v2/")]
    [InlineData("/v2")]
    public async Task The_base_says_that_this_is_a_registry(string path)
    {
        using HttpResponseMessage answer = await _registry.GetAsync(path).IsAsync(HttpStatusCode.OK);
        Assert.Equal("registry/2.0", answer.Header("Docker-Distribution-API-Version"));
        Assert.Equal("{}", await answer.Content.ReadAsStringAsync(TestRegistry.Cancellation));
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    [InlineData(DigestAlgorithm.Blake3)]
    public async Task An_image_is_pulled_as_it_was_pushed_by_tag_and_by_digest(DigestAlgorithm algorithm)
    {
        (byte[] manifest, Digest digest) = await _registry.PushImageAsync("team/app", "@", algorithm: algorithm);
        using (await _registry.PutManifestAsync("team/app", $"{digest}?tag=1.0", manifest).IsAsync(HttpStatusCode.Created))
        {
        }
        foreach (string reference in (string[])["1.0", digest.ToString()])
        {
            using HttpResponseMessage head = await _registry.HeadAsync($"/v2/team/app/manifests/{reference}").IsAsync(HttpStatusCode.OK);
            using HttpResponseMessage get = await _registry.GetAsync($"/v2/team/app/manifests/{reference}").IsAsync(HttpStatusCode.OK);
            Assert.Equal(manifest, await get.BytesAsync());
            foreach (HttpResponseMessage answer in (HttpResponseMessage[])[head, get])
            {
                Assert.Equal(digest.ToString(), answer.Header("Docker-Content-Digest"));
                Assert.Equal(TestContent.OciManifest, answer.Header("Content-Type"));
                Assert.Equal(manifest.Length, answer.Content.Headers.ContentLength);
            }
        }
        Digest layer = Digest.OfContent(algorithm, TestContent.Bytes(1, 1000));
        using HttpResponseMessage blob = await _registry.GetAsync($"/v2/team/app/blobs/{layer}").IsAsync(HttpStatusCode.OK);
        Assert.Equal(TestContent.Bytes(1, 1000), await blob.BytesAsync());
        Assert.Equal(layer.ToString(), blob.Header("Docker-Content-Digest"));
        Assert.Equal("bytes", blob.Header("Accept-Ranges"));
    }

    [Theory]
    [InlineData("bytes=0-99", 0, 100)]
    [InlineData("bytes=990-", 990, 10)]
    [InlineData("bytes=-10", 990, 10)]
    [InlineData("bytes=900-5000", 900, 100)]
    [InlineData("bytes=-5000", 0, 1000)]
    [InlineData("bytes=999-999", 999, 1)]
    [InlineData("bytes=990-99999999999999999999999999999999", 990, 10)]
    [InlineData("bytes=-99999999999999999999999999999999", 0, 1000)]
    [InlineData("bytes=000000000000000000000000000000990-", 990, 10)]
    [InlineData("bytes= 990-999 ,", 990, 10)]
    public async Task A_range_of_a_blob_can_be_asked_for(string range, int start, int length)
    {
        byte[] content = TestContent.Bytes(7, 1000);
        Digest digest = await _registry.PushBlobAsync("ranges", content);
        using HttpResponseMessage answer = await _registry.GetAsync($"/v2/ranges/blobs/{digest}", ("Range", range)).IsAsync(HttpStatusCode.PartialContent);
        Assert.Equal(content[start..(start + length)], await answer.BytesAsync());
        Assert.Equal($"bytes {start}-{start + length - 1}/1000", answer.Header("Content-Range"));
        Assert.Equal(digest.ToString(), answer.Header("Docker-Content-Digest"));
    }

    [Theory]
    [InlineData("bytes=1000-")]
    [InlineData("bytes=500-0")]
    [InlineData("bytes=5000-6000")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=99999999999999999999999999999999-")]
    [InlineData("bytes=99999999999999999999999999999999-99999999999999999999999999999999")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=0-1,x")]
    public async Task A_range_without_a_byte_of_the_blob_is_refused(string range)
    {
        Digest digest = await _registry.PushBlobAsync("ranges", TestContent.Bytes(7, 1000));
        using HttpResponseMessage answer = await _registry.GetAsync($"/v2/ranges/blobs/{digest}", ("Range", range)).IsAsync(HttpStatusCode.RequestedRangeNotSatisfiable);
        Assert.Equal("bytes */1000", answer.Header("Content-Range"));
    }

    [Theory]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("lines=0-1")]
    public async Task Several_ranges_or_another_unit_give_the_whole_blob(string range)
    {
        Digest digest = await _registry.PushBlobAsync("ranges", TestContent.Bytes(7, 1000));
        using HttpResponseMessage answer = await _registry.GetAsync($"/v2/ranges/blobs/{digest}", ("Range", range)).IsAsync(HttpStatusCode.OK);
        Assert.Equal(1000, (await answer.BytesAsync()).Length);
    }

    [Theory]
    [InlineData("bytes=0-99")]
    [InlineData("bytes=5000-")]
    [InlineData("bytes=-1")]
    public async Task Who_asks_for_the_head_alone_has_no_range(string range)
    {
        Digest digest = await _registry.PushBlobAsync("ranges", TestContent.Bytes(7, 1000));
        using HttpResponseMessage answer = await _registry.HeadAsync($"/v2/ranges/blobs/{digest}", ("Range", range)).IsAsync(HttpStatusCode.OK);
        Assert.Equal(1000, answer.Content.Headers.ContentLength);
        Assert.Null(answer.Content.Headers.ContentRange);
    }

    [Fact]
    public async Task A_blob_of_no_bytes_is_a_blob()
    {
        Digest digest = await _registry.PushBlobAsync("empty", []);
        using HttpResponseMessage head = await _registry.HeadAsync($"/v2/empty/blobs/{digest}").IsAsync(HttpStatusCode.OK);
        Assert.Equal(0, head.Content.Headers.ContentLength);
        using HttpResponseMessage get = await _registry.GetAsync($"/v2/empty/blobs/{digest}").IsAsync(HttpStatusCode.OK);
        Assert.Empty(await get.BytesAsync());
        using HttpResponseMessage last = await _registry.GetAsync($"/v2/empty/blobs/{digest}", ("Range", "bytes=-5")).IsAsync(HttpStatusCode.OK);
        Assert.Empty(await last.BytesAsync());
        (await _registry.GetAsync($"/v2/empty/blobs/{digest}", ("Range", "bytes=0-")).IsAsync(HttpStatusCode.RequestedRangeNotSatisfiable)).Dispose();
    }

    [Fact]
    public async Task Who_has_the_content_is_not_sent_it_again()
    {
        (byte[] _, Digest digest) = await _registry.PushImageAsync("cached", "1");
        using HttpResponseMessage known = await _registry.GetAsync("/v2/cached/manifests/1", ("If-None-Match", $"\"{digest}\"")).IsAsync(HttpStatusCode.NotModified);
        Assert.Equal(digest.ToString(), known.Header("Docker-Content-Digest"));
        using HttpResponseMessage other = await _registry.GetAsync("/v2/cached/manifests/1", ("If-None-Match", "\"sha256:0\"")).IsAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/v2/no/such/manifests/1", "MANIFEST_UNKNOWN")]
    [InlineData("/v2/no/such/manifests/.INVALID", "MANIFEST_UNKNOWN")]
    [InlineData("/v2/no/such/manifests/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "MANIFEST_UNKNOWN")]
    [InlineData("/v2/no/such/blobs/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "BLOB_UNKNOWN")]
    [InlineData("/v2/no/such/tags/list", "NAME_UNKNOWN")]
    [InlineData("/v2/no/such/blobs/uploads/00000000000000000000000000000000", "BLOB_UPLOAD_UNKNOWN")]
    public async Task What_is_not_there_is_told_in_the_words_of_the_spec(string path, string code)
    {
        await _registry.GetAsync(path).RefusesAsync(HttpStatusCode.NotFound, code);
        using HttpResponseMessage head = await _registry.HeadAsync(path).IsAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/v2/UPPER/tags/list", "NAME_INVALID")]
    [InlineData("/v2/a__b___c/tags/list", "NAME_INVALID")]
    [InlineData("/v2/a/-b/tags/list", "NAME_INVALID")]
    [InlineData("/v2/a%2F..%2F..%2Fetc/tags/list", "NAME_INVALID")]
    [InlineData("/v2/a/%2e%2e%2fb/tags/list", "NAME_INVALID")]
    [InlineData("/v2/a/blobs/sha256:short", "DIGEST_INVALID")]
    [InlineData("/v2/a/blobs/..", "DIGEST_INVALID")]
    [InlineData("/v2/a/blobs/sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", "DIGEST_INVALID")]
    [InlineData("/v2/a/blobs/sha256:..%2f..%2f..%2fcatalogue.db", "DIGEST_INVALID")]
    [InlineData("/v2/a/blobs/md5:d41d8cd98f00b204e9800998ecf8427e", "DIGEST_INVALID")]
    [InlineData("/v2/a/manifests/sha256:short", "DIGEST_INVALID")]
    [InlineData("/v2/a/referrers/latest", "DIGEST_INVALID")]
    [InlineData("/v2/a/tags/list?n=-1", "PAGINATION_NUMBER_INVALID")]
    [InlineData("/v2/a/tags/list?n=many", "PAGINATION_NUMBER_INVALID")]
    public async Task Malformed_names_are_refused(string path, string code)
    {
        using HttpResponseMessage answer = await _registry.SendAsync(HttpMethod.Get, path);
        if (path.EndsWith("..", StringComparison.Ordinal))
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);                         // the client resolves the dots itself
        else
            await Task.FromResult(answer).RefusesAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task The_words_of_the_api_are_valid_parts_of_a_name()
    {
        foreach (string name in (string[])["blobs", "a/manifests", "tags/list", "blobs/uploads", "a/blobs/uploads/b", "v2/referrers"])
        {
            (byte[] manifest, Digest digest) = await _registry.PushImageAsync(name, "tags");
            using HttpResponseMessage answer = await _registry.GetAsync($"/v2/{name}/manifests/{digest}").IsAsync(HttpStatusCode.OK);
            Assert.Equal(manifest, await answer.BytesAsync());
            using HttpResponseMessage tags = await _registry.GetAsync($"/v2/{name}/tags/list").IsAsync(HttpStatusCode.OK);
        }
    }
}
