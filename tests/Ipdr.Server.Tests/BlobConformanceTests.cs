using System.Globalization;
using System.Net;
using Ipdr.Oci.Digests;

namespace Ipdr.Server.Tests;

/// <summary>Every way to push a blob, with every content that the conformance suite of the distribution spec sends.</summary>
public sealed class BlobConformanceTests : IAsyncLifetime
{
    private const string Repository = "conformance/repo1";
    private const string Other = "conformance/repo2";
    private const int ChunkBytes = 1024;

    private TestRegistry _registry = null!;

    public static MatrixTheoryData<DigestAlgorithm, string, int> Pushes => new(
        [DigestAlgorithm.Sha256, DigestAlgorithm.Sha512, DigestAlgorithm.Blake3],
        ["post", "post+put", "chunks", "chunks+put", "out of order", "out of order+put", "stream", "mount", "mount anonymous", "mount missing"],
        // Nothing, {}, less than a chunk, and three chunks of which the last is short.
        [0, 2, 512, (3 * ChunkBytes) - 5]);

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Theory]
    [MemberData(nameof(Pushes))]
    public async Task A_blob_is_pushed_found_pulled_and_deleted(DigestAlgorithm algorithm, string way, int size)
    {
        byte[] content = size == 2 ? "{}"u8.ToArray() : TestContent.Bytes(size, size);
        string digest = Digest.OfContent(algorithm, content).ToString(), place = $"/v2/{Repository}/blobs/{digest}";
        await _registry.GetAsync(place).RefusesAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        if (way.StartsWith("mount", StringComparison.Ordinal) && way != "mount missing")
            await _registry.PushBlobAsync(Other, content, algorithm);
        using (HttpResponseMessage pushed = await PushAsync(way, digest, content).IsAsync(HttpStatusCode.Created))
        {
            Assert.Equal(digest, pushed.Header("Docker-Content-Digest"));
            Assert.Equal(place, pushed.Headers.Location!.ToString());
        }
        using HttpResponseMessage head = await _registry.HeadAsync(place).IsAsync(HttpStatusCode.OK);
        using HttpResponseMessage got = await _registry.GetAsync(place).IsAsync(HttpStatusCode.OK);
        Assert.Equal(content, await got.BytesAsync());
        Assert.All([head, got], answer =>
        {
            Assert.Equal(size, answer.Content.Headers.ContentLength);
            Assert.Equal(digest, answer.Header("Docker-Content-Digest"));
        });
        (await _registry.DeleteAsync(place).IsAsync(HttpStatusCode.Accepted)).Dispose();
        (await _registry.HeadAsync(place).IsAsync(HttpStatusCode.NotFound)).Dispose();
    }

    [Theory]
    [InlineData("post")]
    [InlineData("post+put")]
    [InlineData("chunks")]
    [InlineData("chunks+put")]
    [InlineData("stream")]
    public async Task Content_of_another_digest_is_refused_however_it_comes(string way)
    {
        byte[] content = TestContent.Bytes(3, 3 * ChunkBytes);
        foreach (DigestAlgorithm algorithm in Enum.GetValues<DigestAlgorithm>())
        {
            string digest = Digest.OfContent(algorithm, content).ToString();
            await PushAsync(way, digest, [.. content, .. "oh no"u8]).RefusesAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
            await _registry.GetAsync($"/v2/{Repository}/blobs/{digest}").RefusesAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        }
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    [InlineData(DigestAlgorithm.Blake3)]
    public async Task Every_range_of_a_blob_can_be_had_and_none_that_it_has_not(DigestAlgorithm algorithm)
    {
        const int Size = 2048;
        byte[] content = TestContent.Bytes(4, Size);
        string place = $"/v2/{Repository}/blobs/{await _registry.PushBlobAsync(Repository, content, algorithm)}";
        foreach ((string range, int first, int last) in ((string, int, int)[])[("500-1499", 500, 1499), ("500-", 500, 2047), ("-500", 1548, 2047), ("2000-5000", 2000, 2047), ("-5000", 0, 2047)])
        {
            using HttpResponseMessage part = await _registry.GetAsync(place, ("Range", $"bytes={range}")).IsAsync(HttpStatusCode.PartialContent);
            Assert.Equal(content[first..(last + 1)], await part.BytesAsync());
            Assert.Equal(last - first + 1, part.Content.Headers.ContentLength);
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"bytes {first}-{last}/{Size}"), part.Header("Content-Range"));
        }
        foreach (string range in (string[])["500-0", "5000-10000", "-0"])
            await _registry.GetAsync(place, ("Range", $"bytes={range}")).RefusesAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "BLOB_UPLOAD_INVALID");
    }

    [Fact]
    public async Task An_upload_that_is_cancelled_is_gone_and_leaves_no_blob()
    {
        string upload = await _registry.BeginUploadAsync(Repository);
        (await _registry.DeleteAsync(upload).IsAsync(HttpStatusCode.NoContent)).Dispose();
        await _registry.GetAsync(upload).RefusesAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        await _registry.DeleteAsync(upload).RefusesAsync(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        await _registry.DeleteAsync($"/v2/{Repository}/blobs/{TestContent.Sha256([5])}").RefusesAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
    }

    private async Task<HttpResponseMessage> PushAsync(string way, string digest, byte[] content)
    {
        const string Uploads = $"/v2/{Repository}/blobs/uploads/";
        switch (way)
        {
            case "post":
                return await _registry.SendAsync(HttpMethod.Post, $"{Uploads}?digest={digest}", TestRegistry.Octets(content));
            case "mount":
                return await _registry.SendAsync(HttpMethod.Post, $"{Uploads}?mount={digest}&from={Other}");
            case "mount anonymous":
                return await _registry.SendAsync(HttpMethod.Post, $"{Uploads}?mount={digest}");
            case "post+put":
                return await CloseAsync(await _registry.BeginUploadAsync(Repository), digest, content);
            case "mount missing":
                return await CloseAsync(await _registry.BeginUploadAsync(Repository, $"?mount={digest}&from={Other}"), digest, content);
            case "stream":
                using (HttpResponseMessage sent = await _registry.SendAsync(HttpMethod.Patch, await _registry.BeginUploadAsync(Repository), new StreamContent(new UnsizedStream(content))).IsAsync(HttpStatusCode.Accepted))
                    return await CloseAsync(sent.Headers.Location!.ToString(), digest, []);
            default:
                return await PushChunksAsync(digest, content, way.StartsWith("out of order", StringComparison.Ordinal), way.EndsWith("+put", StringComparison.Ordinal));
        }
    }

    // Before each chunk one that is not its turn, where that is wanted; then the upload says where it stands.
    private async Task<HttpResponseMessage> PushChunksAsync(string digest, byte[] content, bool disorder, bool putLast)
    {
        string upload = await _registry.BeginUploadAsync(Repository);
        for (int start = 0; start < content.Length; start += ChunkBytes)
        {
            if (disorder)
                upload = await SendOutOfOrderAsync(upload, digest, content, start, putLast);
            int end = Math.Min(start + ChunkBytes, content.Length);
            if (putLast && end == content.Length)
                return await SendChunkAsync(HttpMethod.Put, $"{upload}?digest={digest}", content, start, end);
            using HttpResponseMessage sent = await SendChunkAsync(HttpMethod.Patch, upload, content, start, end).IsAsync(HttpStatusCode.Accepted);
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"0-{end - 1}"), sent.Header("Range"));
            upload = sent.Headers.Location!.ToString();
        }
        return await CloseAsync(upload, digest, []);
    }

    private async Task<string> SendOutOfOrderAsync(string upload, string digest, byte[] content, int start, bool putLast)
    {
        int wrong = start + ChunkBytes < content.Length ? start + ChunkBytes : 0;
        // The only chunk of a small blob is at its place.
        if (wrong == start)
            return upload;
        int end = Math.Min(wrong + ChunkBytes, content.Length);
        bool put = putLast && end == content.Length;
        string place = put ? $"{upload}?digest={digest}" : upload;
        await SendChunkAsync(put ? HttpMethod.Put : HttpMethod.Patch, place, content, wrong, end).RefusesAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "BLOB_UPLOAD_INVALID");
        using HttpResponseMessage status = await _registry.GetAsync(place).IsAsync(HttpStatusCode.NoContent);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"0-{Math.Max(0, start - 1)}"), status.Header("Range"));
        return status.Headers.Location!.ToString();
    }

    private Task<HttpResponseMessage> SendChunkAsync(HttpMethod method, string place, byte[] content, int start, int end) => _registry.SendAsync(
        method, place, TestRegistry.Octets(content[start..end]), ("Content-Range", string.Create(CultureInfo.InvariantCulture, $"{start}-{end - 1}")));

    private Task<HttpResponseMessage> CloseAsync(string upload, string digest, byte[] content) =>
        _registry.SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", TestRegistry.Octets(content));
}
