using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ipdr.Oci.Digests;

namespace Ipdr.Server.Tests;

/// <summary>distribution-spec, "Content Discovery", and Docker's catalogue.</summary>
public sealed class DiscoveryTests : IAsyncLifetime
{
    private TestRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task Tags_are_listed_in_order_and_page_by_page()
    {
        (byte[] manifest, Digest digest) = await _registry.PushImageAsync("tags", "@");
        string[] tags = ["B", "_x", "a", "a.1", "latest", "z"];
        using (await _registry.PutManifestAsync("tags", $"{digest}?{string.Join('&', tags.Reverse().Select(tag => $"tag={tag}"))}", manifest).IsAsync(HttpStatusCode.Created))
        {
        }
        using HttpResponseMessage all = await _registry.GetAsync("/v2/tags/tags/list").IsAsync(HttpStatusCode.OK);
        JsonElement list = await all.JsonAsync();
        Assert.Equal("tags", list.GetProperty("name").GetString());
        Assert.Equal(tags, Names(list.GetProperty("tags")));
        Assert.Empty(all.Header("Link"));

        List<string> paged = [];
        string? next = "/v2/tags/tags/list?n=4";
        for (int page = 0; next is not null && page < 5; page++)
        {
            using HttpResponseMessage answer = await _registry.GetAsync(next).IsAsync(HttpStatusCode.OK);
            paged.AddRange(Names((await answer.JsonAsync()).GetProperty("tags")));
            next = Next(answer);
        }
        Assert.Equal(tags, paged);

        using HttpResponseMessage none = await _registry.GetAsync("/v2/tags/tags/list?n=0").IsAsync(HttpStatusCode.OK);
        Assert.Empty(Names((await none.JsonAsync()).GetProperty("tags")));
        Assert.Empty(none.Header("Link"));
        using HttpResponseMessage last = await _registry.GetAsync("/v2/tags/tags/list?last=a.1").IsAsync(HttpStatusCode.OK);
        Assert.Equal(["latest", "z"], Names((await last.JsonAsync()).GetProperty("tags")));
        using HttpResponseMessage exact = await _registry.GetAsync("/v2/tags/tags/list?n=6").IsAsync(HttpStatusCode.OK);
        Assert.Empty(exact.Header("Link"));
    }

    [Fact]
    public async Task The_catalogue_lists_repositories_with_images()
    {
        foreach (string name in (string[])["c", "a/b", "a"])
            await _registry.PushImageAsync(name, "1");
        await _registry.BeginUploadAsync("begun");
        await _registry.PushBlobAsync("only/a/blob", [1]);
        using HttpResponseMessage first = await _registry.GetAsync("/v2/_catalog?n=2").IsAsync(HttpStatusCode.OK);
        Assert.Equal(["a", "a/b"], Names((await first.JsonAsync()).GetProperty("repositories")));
        using HttpResponseMessage second = await _registry.GetAsync(Next(first)!).IsAsync(HttpStatusCode.OK);
        Assert.Equal(["c"], Names((await second.JsonAsync()).GetProperty("repositories")));
        Assert.Null(Next(second));
    }

    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha512)]
    public async Task Referrers_are_listed_and_filtered_also_of_what_is_not_there(DigestAlgorithm algorithm)
    {
        byte[] subject = TestContent.Manifest(algorithm, TestContent.Config(1), TestContent.Bytes(1, 1000));
        JsonObject descriptor() => TestContent.Descriptor(TestContent.OciManifest, subject, algorithm);
        string digest = Digest.OfContent(algorithm, subject).ToString();
        using (HttpResponseMessage none = await _registry.GetAsync($"/v2/a/referrers/{digest}").IsAsync(HttpStatusCode.OK))
        {
            Assert.Equal(TestContent.OciIndex, none.Header("Content-Type"));
            Assert.Empty((await none.JsonAsync()).GetProperty("manifests").EnumerateArray());
        }
        await _registry.PushBlobAsync("a", "{}"u8.ToArray());
        await _registry.PushBlobAsync("a", TestContent.Config(2));
        JsonObject index = TestContent.Index();
        index["subject"] = descriptor();
        JsonObject image = TestContent.Image(DigestAlgorithm.Sha256, TestContent.Config(2));
        image["subject"] = descriptor();
        byte[][] referrers = [
            TestContent.Document(TestContent.Artifact("application/vnd.example.sbom", descriptor())),
            TestContent.Document(TestContent.Artifact("application/vnd.example.signature", descriptor())),
            TestContent.Document(index),
            TestContent.Document(image),
        ];
        foreach (byte[] referrer in referrers)
        {
            string type = referrer == referrers[2] ? TestContent.OciIndex : TestContent.OciManifest;
            using HttpResponseMessage pushed = await _registry.PutManifestAsync("a", TestContent.Sha256(referrer), referrer, type).IsAsync(HttpStatusCode.Created);
            Assert.Equal(digest, pushed.Header("OCI-Subject"));
        }
        await _registry.PushImageAsync("a", "1", algorithm: algorithm);

        using HttpResponseMessage all = await _registry.GetAsync($"/v2/a/referrers/{digest}").IsAsync(HttpStatusCode.OK);
        Dictionary<string, JsonElement> found = (await all.JsonAsync()).GetProperty("manifests").EnumerateArray().ToDictionary(entry => entry.GetProperty("digest").GetString()!);
        Assert.Equal(referrers.Select(TestContent.Sha256).Order(StringComparer.Ordinal), found.Keys);
        Assert.Empty(all.Header("OCI-Filters-Applied"));
        JsonElement sbom = found[TestContent.Sha256(referrers[0])];
        Assert.Equal("application/vnd.example.sbom", sbom.GetProperty("artifactType").GetString());
        Assert.Equal("application/vnd.example.sbom", sbom.GetProperty("annotations").GetProperty("org.example.kind").GetString());
        Assert.Equal(referrers[0].Length, sbom.GetProperty("size").GetInt32());
        Assert.False(found[TestContent.Sha256(referrers[2])].TryGetProperty("artifactType", out _));
        Assert.Equal(TestContent.OciConfig, found[TestContent.Sha256(referrers[3])].GetProperty("artifactType").GetString());

        using HttpResponseMessage some = await _registry.GetAsync($"/v2/a/referrers/{digest}?artifactType=application/vnd.example.signature").IsAsync(HttpStatusCode.OK);
        Assert.Equal("artifactType", some.Header("OCI-Filters-Applied"));
        Assert.Equal([TestContent.Sha256(referrers[1])], (await some.JsonAsync()).GetProperty("manifests").EnumerateArray().Select(entry => entry.GetProperty("digest").GetString()));
        using HttpResponseMessage elsewhere = await _registry.GetAsync($"/v2/b/referrers/{digest}").IsAsync(HttpStatusCode.OK);
        Assert.Empty((await elsewhere.JsonAsync()).GetProperty("manifests").EnumerateArray());

        using (await _registry.DeleteAsync($"/v2/a/manifests/{TestContent.Sha256(referrers[0])}").IsAsync(HttpStatusCode.Accepted))
        {
        }
        using HttpResponseMessage after = await _registry.GetAsync($"/v2/a/referrers/{digest}").IsAsync(HttpStatusCode.OK);
        Assert.Equal(3, (await after.JsonAsync()).GetProperty("manifests").GetArrayLength());
    }

    private static IEnumerable<string> Names(JsonElement list) => list.EnumerateArray().Select(item => item.GetString()!);

    private static string? Next(HttpResponseMessage answer)
    {
        string link = answer.Header("Link");
        if (link.Length == 0)
            return null;
        Assert.EndsWith(">; rel=\"next\"", link, StringComparison.Ordinal);
        return link[1..link.IndexOf('>', StringComparison.Ordinal)];
    }
}
