using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ipdr.Oci.Digests;

namespace Ipdr.Server.Tests;

/// <summary>distribution-spec, "Pushing Manifests".</summary>
public sealed class ManifestPushTests : IAsyncLifetime
{
    private TestRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task A_manifest_is_kept_to_the_byte_with_fields_that_nobody_knows()
    {
        await PushBlobsAsync();
        JsonObject image = TestContent.Image(DigestAlgorithm.Sha256, TestContent.Config(1), TestContent.Bytes(1, 1000));
        image["x-custom"] = new JsonObject { ["b"] = 1, ["a"] = new JsonArray(1, "ü+<>") };
        byte[] manifest = Encoding.UTF8.GetBytes(image.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        using HttpResponseMessage pushed = await _registry.PutManifestAsync("a", "1", manifest).IsAsync(HttpStatusCode.Created);
        Assert.Equal($"/v2/a/manifests/{TestContent.Sha256(manifest)}", pushed.Headers.Location?.ToString());
        Assert.Equal(TestContent.Sha256(manifest), pushed.Header("Docker-Content-Digest"));
        using HttpResponseMessage answer = await _registry.GetAsync("/v2/a/manifests/1").IsAsync(HttpStatusCode.OK);
        Assert.Equal(manifest, await answer.BytesAsync());
    }

    [Fact]
    public async Task A_push_by_digest_can_give_tags()
    {
        (byte[] manifest, Digest digest) = await _registry.PushImageAsync("a", "@", algorithm: DigestAlgorithm.Sha512);
        using HttpResponseMessage pushed = await _registry.PutManifestAsync("a", $"{digest}?tag=v1&tag=v1.2&tag=latest", manifest).IsAsync(HttpStatusCode.Created);
        Assert.Equal("v1, v1.2, latest", pushed.Header("OCI-Tag"));
        foreach (string tag in (string[])["v1", "v1.2", "latest"])
        {
            using HttpResponseMessage answer = await _registry.HeadAsync($"/v2/a/manifests/{tag}").IsAsync(HttpStatusCode.OK);
            Assert.Equal(digest.ToString(), answer.Header("Docker-Content-Digest"));
        }
        await _registry.PutManifestAsync("a", $"{digest}?tag=.not-a-tag", manifest).RefusesAsync(HttpStatusCode.BadRequest, "TAG_INVALID");
        await _registry.PutManifestAsync("a", $"{digest}?{string.Join('&', Enumerable.Range(0, 200).Select(i => $"tag=t{i}"))}", manifest).RefusesAsync(HttpStatusCode.RequestUriTooLong, "TAG_INVALID");
    }

    [Fact]
    public async Task A_tag_moves_to_what_is_pushed_last()
    {
        (_, Digest first) = await _registry.PushImageAsync("a", "latest", seed: 1);
        (_, Digest second) = await _registry.PushImageAsync("a", "latest", seed: 2);
        using HttpResponseMessage answer = await _registry.HeadAsync("/v2/a/manifests/latest").IsAsync(HttpStatusCode.OK);
        Assert.Equal(second.ToString(), answer.Header("Docker-Content-Digest"));
        using HttpResponseMessage old = await _registry.HeadAsync($"/v2/a/manifests/{first}").IsAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_manifest_with_another_digest_is_refused()
    {
        (byte[] manifest, _) = await _registry.PushImageAsync("a", "1");
        await _registry.PutManifestAsync("a", TestContent.Sha256([1]), manifest).RefusesAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        await _registry.PutManifestAsync("a", "sha256:nonsense", manifest).RefusesAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
    }

    [Fact]
    public async Task Missing_blobs_are_named_one_by_one()
    {
        byte[] manifest = TestContent.Manifest(DigestAlgorithm.Sha256, TestContent.Config(1), TestContent.Bytes(1, 1000));
        using HttpResponseMessage answer = await _registry.PutManifestAsync("a", "1", manifest).IsAsync(HttpStatusCode.NotFound);
        JsonElement errors = (await answer.JsonAsync()).GetProperty("errors");
        Assert.Equal(["MANIFEST_BLOB_UNKNOWN", "MANIFEST_BLOB_UNKNOWN"], errors.EnumerateArray().Select(error => error.GetProperty("code").GetString()));
        Assert.Contains(errors.EnumerateArray(), error => error.GetProperty("detail").GetString()!.Contains(TestContent.Sha256(TestContent.Config(1)), StringComparison.Ordinal));
        // A blob of another repository is not a blob of this one.
        await PushBlobsAsync("other");
        await _registry.PutManifestAsync("a", "1", manifest).RefusesAsync(HttpStatusCode.NotFound, "MANIFEST_BLOB_UNKNOWN");
    }

    [Theory]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")]
    public async Task A_layer_that_may_not_be_distributed_need_not_be_there(string mediaType)
    {
        await PushBlobsAsync();
        JsonObject image = TestContent.Image(DigestAlgorithm.Sha256, TestContent.Config(1));
        JsonObject foreign = TestContent.Descriptor(mediaType, [9, 9]);
        foreign["urls"] = new JsonArray("https://example.org/layer");
        image["layers"]!.AsArray().Add(foreign);
        using HttpResponseMessage pushed = await _registry.PutManifestAsync("a", "1", TestContent.Document(image)).IsAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_index_may_name_manifests_that_are_not_there_and_other_indexes()
    {
        (byte[] manifest, _) = await _registry.PushImageAsync("a", "@");
        byte[] sparse = TestContent.Document(TestContent.Index(
            TestContent.Descriptor(TestContent.OciManifest, manifest), TestContent.Descriptor(TestContent.OciManifest, [1]), TestContent.Descriptor("application/vnd.example.unknown+json", [2])));
        byte[] nested = TestContent.Document(TestContent.Index(TestContent.Descriptor(TestContent.OciIndex, sparse)));
        byte[] empty = TestContent.Document(TestContent.Index());
        foreach ((string tag, byte[] index) in ((string, byte[])[])[("sparse", sparse), ("nested", nested), ("empty", empty)])
        {
            using HttpResponseMessage pushed = await _registry.PutManifestAsync("a", tag, index, TestContent.OciIndex).IsAsync(HttpStatusCode.Created);
            using HttpResponseMessage answer = await _registry.GetAsync($"/v2/a/manifests/{tag}").IsAsync(HttpStatusCode.OK);
            Assert.Equal(index, await answer.BytesAsync());
            Assert.Equal(TestContent.OciIndex, answer.Header("Content-Type"));
        }
    }

    [Fact]
    public async Task An_image_without_layers_and_one_with_an_empty_layer_are_images()
    {
        await PushBlobsAsync();
        await _registry.PushBlobAsync("a", []);
        using HttpResponseMessage none = await _registry.PutManifestAsync("a", "none", TestContent.Manifest(DigestAlgorithm.Sha256, TestContent.Config(1))).IsAsync(HttpStatusCode.Created);
        using HttpResponseMessage empty = await _registry.PutManifestAsync("a", "empty", TestContent.Manifest(DigestAlgorithm.Sha256, TestContent.Config(1), [])).IsAsync(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("application/vnd.oci.image.manifest.v1+json; charset=utf-8")]
    [InlineData("application/json")]
    [InlineData(null)]
    public async Task The_type_is_what_the_document_says(string? contentType)
    {
        (byte[] manifest, Digest digest) = await _registry.PushImageAsync("a", "@");
        using HttpResponseMessage pushed = await _registry.PutManifestAsync("b", "1", manifest, contentType).IsAsync(HttpStatusCode.NotFound);
        using HttpResponseMessage again = await _registry.PutManifestAsync("a", "1", manifest, contentType).IsAsync(HttpStatusCode.Created);
        using HttpResponseMessage answer = await _registry.HeadAsync($"/v2/a/manifests/{digest}").IsAsync(HttpStatusCode.OK);
        Assert.Equal(TestContent.OciManifest, answer.Header("Content-Type"));
    }

    [Fact]
    public async Task A_document_that_does_not_say_its_type_has_the_type_that_it_was_sent_with()
    {
        await PushBlobsAsync();
        JsonObject image = TestContent.Image(DigestAlgorithm.Sha256, TestContent.Config(1));
        image.Remove("mediaType");
        const string Docker = "application/vnd.docker.distribution.manifest.v2+json";
        using HttpResponseMessage pushed = await _registry.PutManifestAsync("a", "1", TestContent.Document(image), Docker).IsAsync(HttpStatusCode.Created);
        using HttpResponseMessage answer = await _registry.HeadAsync("/v2/a/manifests/1").IsAsync(HttpStatusCode.OK);
        Assert.Equal(Docker, answer.Header("Content-Type"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"schemaVersion":1}""")]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json"}""")]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[],"layers":[]}""")]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"a/b","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":-1},"layers":[]}""")]
    [InlineData("""{"schemaVersion":2,"mediaType":"text/html","config":{},"layers":[]}""")]
    public async Task What_is_no_manifest_is_refused(string document) =>
        await _registry.PutManifestAsync("a", "1", Encoding.UTF8.GetBytes(document)).RefusesAsync(HttpStatusCode.BadRequest, "MANIFEST_INVALID");

    [Fact]
    public async Task A_malformed_digest_inside_a_manifest_is_refused() => await _registry.PutManifestAsync("a", "1", """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"a/b","digest":"sha256:abc","size":1},"layers":[]}
        """u8.ToArray()).RefusesAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");

    [Fact]
    public async Task Deep_nesting_is_refused()
    {
        string deep = $$"""{"schemaVersion":2,"x":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}""";
        await _registry.PutManifestAsync("a", "1", Encoding.UTF8.GetBytes(deep)).RefusesAsync(HttpStatusCode.BadRequest, "MANIFEST_INVALID");
    }

    private async Task PushBlobsAsync(string repository = "a")
    {
        await _registry.PushBlobAsync(repository, TestContent.Config(1));
        await _registry.PushBlobAsync(repository, TestContent.Bytes(1, 1000));
    }
}
