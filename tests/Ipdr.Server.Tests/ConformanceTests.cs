using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ipdr.Oci.Digests;

namespace Ipdr.Server.Tests;

/// <summary>What the conformance suite of the distribution spec does with every kind of content, all of its options on.</summary>
public sealed class ConformanceTests : IAsyncLifetime
{
    private const string Repository = "conformance/repo1";

    private TestRegistry _registry = null!;

    public static TheoryData<string> Kinds => [.. Makers.Keys];

    private static readonly Dictionary<string, Func<ConformanceSet>> Makers = new()
    {
        ["image"] = () => Of(set => set.Image("image")),
        ["image, plain layers"] = () => Of(set => set.Manifest([set.Layer(TestContent.OciLayer), set.Layer(TestContent.OciLayer)], set.Config("amd64", 2), null, "plain", null, null)),
        // 390 annotations of 10,000 letters: almost four megabytes.
        ["large manifest"] = () => Of(set => set.Image("large", annotations: new JsonObject([.. Enumerable.Range(0, 390).Select(i => KeyValuePair.Create($"large-annotation-{i}", (JsonNode?)new string('A', 10_000)))]))),
        ["index"] = () => Of(set => set.Platforms("index")),
        ["nested index"] = () => Of(set => set.Index([set.Platforms(), set.Platforms()], "nested")),
        ["empty index"] = () => Of(set => set.Index([], "empty")),
        ["artifact"] = () => Of(set => set.Artifact(tag: "artifact")),
        ["artifact index"] = () => Of(set => set.Index([set.Artifact(), set.Artifact()], "artifacts", ConformanceSet.ExampleType)),
        ["artifact without layers"] = () => Of(set => set.Artifact(tag: "bare", layer: set.Blob("{}"u8.ToArray(), TestContent.OciEmpty))),
        ["artifacts with subject"] = () => Of(set =>
        {
            JsonObject subject = set.Image("image");
            set.Image(subject: subject);
            set.Artifact(tag: "tagged-1", subject: subject);
            set.Artifact("application/vnd.example.oci.conformance.v2", "tagged-2", subject);
        }),
        ["index with subject"] = () => Of(set =>
        {
            // The artifacts that the index lists have the same subject, and the index has annotations of its own.
            JsonObject subject = set.Platforms("index");
            set.Index([set.Artifact(subject: subject), set.Artifact(subject: subject)], "tagged", ConformanceSet.ExampleType, subject, new JsonObject { ["org.example.conformance"] = "hello index" });
        }),
        ["missing subject"] = () => Of(set => set.Artifact(tag: "tagged", subject: TestContent.Descriptor(TestContent.OciManifest, [1, 2, 3]))),
        ["data field"] = () => Of(set => set.Image("data"), new ConformanceSet { HasData = true }),
        ["non-distributable layers"] = () => Of(set =>
        {
            JsonObject[] foreign = [.. ((string[])["tar+gzip", "tar"]).Select(form =>
            {
                JsonObject layer = TestContent.Descriptor($"application/vnd.oci.image.layer.nondistributable.v1.{form}", [(byte)form.Length]);
                layer["size"] = 12_345;
                layer["urls"] = new JsonArray($"https://store.example.com/blobs/{layer["digest"]}");
                return layer;
            })];
            set.Manifest([.. foreign, set.Layer()], set.Config("amd64", 3), null, "foreign", null, null);
        }),
        ["custom fields"] = () => Of(set => set.Platforms("custom"), new ConformanceSet { HasExtraFields = true }),
        ["no layers"] = () => Of(set => set.Image("none", layers: 0)),
        ["sparse"] = () => Of(set =>
        {
            JsonObject absent = set.Layer();
            set.Manifest([absent, set.Layer()], set.Config("amd64", 2), null, "sparse-image", null, null);
            set.Blobs.Remove(absent["digest"]!.ToString());
            set.Index([set.Image(), TestContent.Descriptor(TestContent.OciManifest, TestContent.Bytes(99, 1024))], "sparse-index");
        }),
        ["sha512"] = () => Of(set => set.Platforms(), new ConformanceSet(DigestAlgorithm.Sha512)),
        ["blake3"] = () => Of(set => set.Platforms(), new ConformanceSet(DigestAlgorithm.Blake3)),
    };

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Content_of_every_kind_is_pushed_found_pulled_and_deleted(string kind)
    {
        ConformanceSet set = Makers[kind]();
        foreach ((string digest, byte[] content) in set.Blobs)
            await PushBlobAsync(digest, content);
        foreach ((string digest, byte[] content, string type) in set.Manifests)
            await PutManifestAsync(set, digest, digest, content, type);
        foreach ((string tag, string digest) in set.Tags)
            await PutManifestAsync(set, tag, digest, set.Manifests.Single(manifest => manifest.Digest == digest).Content, set.Manifests.Single(manifest => manifest.Digest == digest).Type);
        await LookAsync(set);
        await DeleteAsync(set);
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    [InlineData(DigestAlgorithm.Blake3)]
    public async Task Tags_come_with_a_push_by_digest(DigestAlgorithm algorithm)
    {
        ConformanceSet set = new(algorithm);
        set.Platforms("param");
        for (int i = 0; i < set.Manifests.Count; i++)
            set.Tags[$"param-{i}"] = set.Manifests[i].Digest;
        foreach ((string digest, byte[] content) in set.Blobs)
            await PushBlobAsync(digest, content);
        foreach ((string digest, byte[] content, string type) in set.Manifests)
        {
            string[] tags = [.. set.Tags.Where(tag => tag.Value == digest).Select(tag => tag.Key)];
            using HttpResponseMessage pushed = await _registry.PutManifestAsync(Repository, $"{digest}?{string.Join('&', tags.Select(tag => $"tag={tag}"))}", content, type).IsAsync(HttpStatusCode.Created);
            Assert.Equal(tags.Order(), pushed.Header("OCI-Tag").Split(", ").Order());
        }
        await LookAsync(set);
        await DeleteAsync(set);
    }

    [Fact]
    public async Task A_sparse_manifest_is_taken_with_a_warning_and_has_a_CID_once_it_is_whole()
    {
        ConformanceSet set = Makers["sparse"]();
        (string digest, byte[] manifest, string type) = set.Manifests[0];
        string config = JsonNode.Parse(manifest)!["config"]!["digest"]!.ToString(), layer = JsonNode.Parse(manifest)!["layers"]![0]!["digest"]!.ToString();
        foreach ((string blob, byte[] content) in set.Blobs.Where(blob => blob.Key != config))
            await PushBlobAsync(blob, content);
        // Without its config it is no image of which a part was left out.
        await _registry.PutManifestAsync(Repository, "sparse-image", manifest, type).RefusesAsync(HttpStatusCode.NotFound, "MANIFEST_BLOB_UNKNOWN");
        await PushBlobAsync(config, set.Blobs[config]);
        using (HttpResponseMessage pushed = await _registry.PutManifestAsync(Repository, "sparse-image", manifest, type).IsAsync(HttpStatusCode.Created))
        {
            Assert.StartsWith("299 - \"", pushed.Header("Warning"), StringComparison.Ordinal);
            Assert.Contains(layer, pushed.Header("Warning"), StringComparison.Ordinal);
            Assert.Equal("", pushed.Header("X-Docker-Content-ID"));
        }
        using (HttpResponseMessage none = await _registry.GetAsync($"/dig?q={Repository}:sparse-image&short=true").IsAsync(HttpStatusCode.NotFound))
            await _registry.GetAsync($"/v2/{Repository}/blobs/{layer}").RefusesAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        Assert.Equal(layer, (await _registry.PushBlobAsync(Repository, TestContent.Bytes(1, 700))).ToString());
        using HttpResponseMessage cid = await _registry.GetAsync($"/dig?q={Repository}:sparse-image&short=true").IsAsync(HttpStatusCode.OK);
        using HttpResponseMessage again = await _registry.PutManifestAsync(Repository, "sparse-image", manifest, type).IsAsync(HttpStatusCode.Created);
        Assert.Equal("", again.Header("Warning"));
        string name = again.Header("X-Docker-Content-ID");
        Assert.Equal(name, (await cid.Content.ReadAsStringAsync(TestRegistry.Cancellation)).Trim());
        (await _registry.GetAsync($"/v2/{name}/blobs/{layer}").IsAsync(HttpStatusCode.OK)).Dispose();
        Assert.Equal(digest, again.Header("Docker-Content-Digest"));
    }

    [Fact]
    public async Task A_strict_server_takes_no_sparse_manifest()
    {
        await using TestRegistry strict = await TestRegistry.StartAsync(options => options with { RequireLayers = true });
        ConformanceSet set = Makers["sparse"]();
        foreach (byte[] content in set.Blobs.Values)
            await strict.PushBlobAsync(Repository, content);
        await strict.PutManifestAsync(Repository, "sparse-image", set.Manifests[0].Content).RefusesAsync(HttpStatusCode.NotFound, "MANIFEST_BLOB_UNKNOWN");
    }

    [Fact]
    public async Task What_is_not_there_or_no_digest_is_refused()
    {
        ConformanceSet set = Makers["image"]();
        foreach ((string digest, byte[] content) in set.Blobs)
            await PushBlobAsync(digest, content);
        (string name, byte[] manifest, string type) = set.Manifests[0];
        await _registry.PutManifestAsync(Repository, name, [.. manifest, (byte)' ', (byte)' '], type).RefusesAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        await _registry.PutManifestAsync(Repository, "sha256:baddigeststring", manifest, type).RefusesAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        await _registry.GetAsync($"/v2/{Repository}/manifests/sha256:baddigeststring").RefusesAsync(HttpStatusCode.BadRequest, "DIGEST_INVALID");
        await _registry.GetAsync($"/v2/{Repository}/manifests/{name}").RefusesAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        await _registry.GetAsync($"/v2/{Repository}/manifests/missing-tag").RefusesAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        using HttpResponseMessage referrers = await _registry.GetAsync($"/v2/conformance/never/referrers/{name}").IsAsync(HttpStatusCode.OK);
        Assert.Equal(2, (await referrers.JsonAsync()).GetProperty("schemaVersion").GetInt32());
        await _registry.GetAsync("/v2/conformance/never/tags/list").RefusesAsync(HttpStatusCode.NotFound, "NAME_UNKNOWN");
    }

    private static ConformanceSet Of(Action<ConformanceSet> make, ConformanceSet? set = null)
    {
        set ??= new ConformanceSet();
        make(set);
        return set;
    }

    private async Task PushBlobAsync(string digest, byte[] content) =>
        Assert.Equal(digest, (await _registry.PushBlobAsync(Repository, content, Digest.Parse(digest).Algorithm)).ToString());

    private async Task PutManifestAsync(ConformanceSet set, string reference, string digest, byte[] content, string type)
    {
        using HttpResponseMessage pushed = await _registry.PutManifestAsync(Repository, reference, content, type).IsAsync(HttpStatusCode.Created);
        Assert.Equal(digest, pushed.Header("Docker-Content-Digest"));
        string subject = set.Referrers.FirstOrDefault(pair => pair.Value.Any(referrer => referrer["digest"]!.ToString() == digest)).Key ?? "";
        Assert.Equal(subject, pushed.Header("OCI-Subject"));
        await IsAsync(HttpMethod.Get, pushed.Headers.Location!.ToString(), digest, content, type);
    }

    private async Task LookAsync(ConformanceSet set)
    {
        using HttpResponseMessage tags = await _registry.GetAsync($"/v2/{Repository}/tags/list");
        await PageAsync([.. set.Tags.Keys.Order(StringComparer.Ordinal)]);
        if (set.Tags.Count > 0)
            Assert.Equal(set.Tags.Keys.Order(StringComparer.Ordinal), (await tags.JsonAsync()).GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Head, HttpMethod.Get])
        {
            foreach ((string digest, byte[] content, string type) in set.Manifests)
            {
                foreach (string reference in set.Tags.Where(tag => tag.Value == digest).Select(tag => tag.Key).Append(digest))
                    await IsAsync(method, $"/v2/{Repository}/manifests/{reference}", digest, content, type);
            }
            foreach ((string digest, byte[] content) in set.Blobs)
                await IsAsync(method, $"/v2/{Repository}/blobs/{digest}", digest, content, "application/octet-stream");
        }
        foreach ((string subject, List<JsonObject> wanted) in set.Referrers)
        {
            await HasReferrersAsync(subject, null, wanted);
            foreach (string type in wanted.Select(referrer => referrer["artifactType"]!.ToString()).Distinct())
                await HasReferrersAsync(subject, type, [.. wanted.Where(referrer => referrer["artifactType"]!.ToString() == type)]);
        }
    }

    // After any tag come those behind it, and no others.
    private async Task PageAsync(string[] tags)
    {
        for (int i = 0; i < tags.Length; i++)
        {
            using HttpResponseMessage rest = await _registry.GetAsync($"/v2/{Repository}/tags/list?last={tags[i]}").IsAsync(HttpStatusCode.OK);
            Assert.Equal(tags[(i + 1)..], (await rest.JsonAsync()).GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!));
        }
    }

    private async Task HasReferrersAsync(string subject, string? type, List<JsonObject> wanted)
    {
        string query = type is null ? "" : $"?artifactType={Uri.EscapeDataString(type)}";
        using HttpResponseMessage answer = await _registry.GetAsync($"/v2/{Repository}/referrers/{subject}{query}").IsAsync(HttpStatusCode.OK);
        Assert.Equal(TestContent.OciIndex, answer.Header("Content-Type"));
        Assert.Equal(type is null ? "" : "artifactType", answer.Header("OCI-Filters-Applied"));
        JsonElement index = await answer.JsonAsync();
        Assert.Equal(TestContent.OciIndex, index.GetProperty("mediaType").GetString());
        JsonElement[] found = [.. index.GetProperty("manifests").EnumerateArray()];
        Assert.Equal(wanted.Count, found.Length);
        foreach (JsonObject referrer in wanted)
        {
            JsonElement entry = found.Single(entry => entry.GetProperty("digest").GetString() == referrer["digest"]!.ToString());
            Assert.Equal(referrer["mediaType"]!.ToString(), entry.GetProperty("mediaType").GetString());
            Assert.Equal((int)referrer["size"]!, entry.GetProperty("size").GetInt32());
            Assert.Equal(referrer["artifactType"]!.ToString(), entry.GetProperty("artifactType").GetString());
            foreach ((string key, JsonNode? value) in referrer["annotations"] as JsonObject ?? [])
                Assert.Equal(value!.ToString(), entry.GetProperty("annotations").GetProperty(key).GetString());
        }
    }

    // Tags, then manifests, parents first, then blobs; each is gone at once.
    private async Task DeleteAsync(ConformanceSet set)
    {
        IEnumerable<string> paths = [
            .. set.Tags.Keys.Select(tag => $"manifests/{tag}"),
            .. set.Manifests.AsEnumerable().Reverse().Select(manifest => $"manifests/{manifest.Digest}"),
            .. set.Blobs.Keys.Select(blob => $"blobs/{blob}"),
        ];
        foreach (string path in paths)
        {
            (await _registry.DeleteAsync($"/v2/{Repository}/{path}").IsAsync(HttpStatusCode.Accepted)).Dispose();
            (await _registry.HeadAsync($"/v2/{Repository}/{path}").IsAsync(HttpStatusCode.NotFound)).Dispose();
        }
    }

    private async Task IsAsync(HttpMethod method, string path, string digest, byte[] content, string type)
    {
        using HttpResponseMessage answer = await _registry.SendAsync(method, path, null, ("Accept", TestContent.OciIndex), ("Accept", TestContent.OciManifest)).IsAsync(HttpStatusCode.OK);
        Assert.Equal(method == HttpMethod.Head ? [] : content, await answer.BytesAsync());
        Assert.Equal(content.Length, answer.Content.Headers.ContentLength);
        Assert.Equal(type, answer.Header("Content-Type"));
        Assert.Equal(digest, answer.Header("Docker-Content-Digest"));
    }
}
