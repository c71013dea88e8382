using System.Net;
using System.Text;
using System.Text.Json;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Resolution;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Server.Tests;

/// <summary>The name of a repository may be a CID, or become one.</summary>
public sealed class CidNameTests
{
    [Fact]
    public async Task A_push_tells_the_cid_by_which_the_image_can_be_pulled()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        (byte[] manifest, Digest digest) = await registry.PushImageAsync("team/app", "1");
        using HttpResponseMessage again = await registry.PutManifestAsync("team/app", "1", manifest);
        string cid = again.Header("X-Docker-Content-ID");
        Assert.StartsWith("bafy", cid, StringComparison.Ordinal);
        await CheckPullAsync(registry, cid, manifest, digest);
        Cid.Parse(cid).TryToVersion0(out Cid version0);
        Assert.True(LegacyImageName.TryCreate(version0, out string? legacy));
        await CheckPullAsync(registry, legacy, manifest, digest);
    }

    [Fact]
    public async Task A_cid_that_leads_nowhere_is_an_unknown_name()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        const string Nowhere = "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354";
        await registry.GetAsync($"/v2/{Nowhere}/manifests/latest").RefusesAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        await registry.GetAsync($"/v2/{Nowhere}/blobs/{TestContent.Sha256([])}").RefusesAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        await registry.GetAsync($"/v2/{Nowhere}/tags/list").RefusesAsync(HttpStatusCode.NotFound, "NAME_UNKNOWN");
    }

    [Fact]
    public async Task Dig_answers_as_ipdr_does()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        (byte[] manifest, _) = await registry.PushImageAsync("team/app", "1");
        using HttpResponseMessage brief = await registry.GetAsync("/dig?q=team/app:1&short=true").IsAsync(HttpStatusCode.OK);
        string cid = brief.Header("X-Docker-Content-ID");
        Assert.Equal($"{cid}\n", Encoding.UTF8.GetString(await brief.BytesAsync()));
        using HttpResponseMessage whole = await registry.GetAsync("/dig?q=team/app:1").IsAsync(HttpStatusCode.OK);
        byte[] expected = [.. manifest, (byte)'\n'];
        Assert.Equal(expected, await whole.BytesAsync());
        using HttpResponseMessage tags = await registry.GetAsync("/dig/?q=team/app").IsAsync(HttpStatusCode.OK);
        Assert.Equal("1\n", Encoding.UTF8.GetString(await tags.BytesAsync()));
        using HttpResponseMessage own = await registry.GetAsync($"/dig?q={cid}:latest&short=1").IsAsync(HttpStatusCode.OK);
        Assert.Equal($"{cid}\n", Encoding.UTF8.GetString(await own.BytesAsync()));
        (await registry.GetAsync("/dig?q=team/app:2").IsAsync(HttpStatusCode.NotFound)).Dispose();
        (await registry.GetAsync("/dig?q=unknown").IsAsync(HttpStatusCode.NotFound)).Dispose();
        (await registry.GetAsync("/dig").IsAsync(HttpStatusCode.BadRequest)).Dispose();
        (await registry.GetAsync("/dig?q=../etc:x").IsAsync(HttpStatusCode.BadRequest)).Dispose();
        (await registry.DeleteAsync("/dig?q=team/app").IsAsync(HttpStatusCode.MethodNotAllowed)).Dispose();
    }

    [Fact]
    public async Task Names_go_to_a_folder_with_a_push_and_lead_from_there_to_the_image()
    {
        using TemporaryFolder names = new();
        await using TestRegistry registry = await TestRegistry.StartAsync(serve: content => content with { Resolvers = Folder(names) });
        (byte[] manifest, Digest digest) = await registry.PushImageAsync("team/app", "1");
        string cid = (await File.ReadAllTextAsync(names["team/app/1"], TestRegistry.Cancellation)).Trim();
        Directory.CreateDirectory(names["other/name"]);
        await File.WriteAllTextAsync(names["other/name/x"], cid, TestRegistry.Cancellation);
        await CheckPullAsync(registry, "other/name", manifest, digest, "x");
        using HttpResponseMessage tags = await registry.GetAsync("/v2/other/name/tags/list").IsAsync(HttpStatusCode.OK);
        Assert.Equal("""{"name":"other/name","tags":["x"]}""", Encoding.UTF8.GetString(await tags.BytesAsync()));
        (await registry.DeleteAsync("/v2/team/app/manifests/1").IsAsync(HttpStatusCode.Accepted)).Dispose();
        Assert.False(File.Exists(names["team/app/1"]));
        await File.WriteAllTextAsync(names["other/name/bad"], "what?", TestRegistry.Cancellation);
        await registry.GetAsync("/v2/other/name/manifests/bad").RefusesAsync(HttpStatusCode.InternalServerError, "UNKNOWN");
    }

    [Fact]
    public async Task A_folder_of_names_on_ipfs_is_one_as_well()
    {
        DagBlocks extra = new();
        using TemporaryFolder names = new();
        CidResolvers? resolvers = null;
        await using TestRegistry registry = await TestRegistry.StartAsync(serve: content => content with { Resolvers = resolvers, Blocks = new JoinedBlocks([content.Blocks, extra]) });
        (byte[] manifest, Digest digest) = await registry.PushImageAsync("team/app", "1");
        Cid cid = (await registry.Store.FindCidAsync(RepositoryName.Parse("team/app"), Tag.Parse("1"), TestRegistry.Cancellation))!.Value;
        Directory.CreateDirectory(names["by/ipfs"]);
        await File.WriteAllTextAsync(names["by/ipfs/1"], $"/ipfs/{cid}\n", TestRegistry.Cancellation);
        Dag dag = await UnixFsImporter.ImportAsync(names.Path, new ImportOptions { KeepBlocks = true }, TestRegistry.Cancellation);
        extra.Add(dag);
        resolvers = new CidResolvers([CidResolvers.Parse($"/ipfs/{dag.Root}", extra)]);
        await registry.RestartAsync();
        await CheckPullAsync(registry, "by/ipfs", manifest, digest, "1");
        await registry.GetAsync("/v2/by/ipfs/manifests/2").RefusesAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
    }

    [Fact]
    public async Task A_resolver_that_cannot_be_asked_keeps_nobody_from_pushing_pulling_and_looking()
    {
        using TemporaryFolder names = new();
        await using TestRegistry registry = await TestRegistry.StartAsync(serve: content => content with { Resolvers = new CidResolvers([new Broken(), new FolderResolver(names.Path)]) });
        (byte[] manifest, Digest digest) = await registry.PushImageAsync("team/app", "1");
        Directory.CreateDirectory(names["by/name"]);
        File.Copy(names["team/app/1"], names["by/name/1"]);
        await CheckPullAsync(registry, "by/name", manifest, digest, "1");
        await registry.GetAsync($"/v2/team/app/blobs/{TestContent.Sha256([9])}").RefusesAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        await registry.GetAsync("/v2/team/app/manifests/2").RefusesAsync(HttpStatusCode.ServiceUnavailable, "UNAVAILABLE");
        (await registry.GetAsync("/").IsAsync(HttpStatusCode.OK)).Dispose();
        (await registry.GetAsync("/v2/team/app/tags/list").IsAsync(HttpStatusCode.OK)).Dispose();
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_for_one_tag_serves_its_blobs_though_the_store_has_the_repository()
    {
        using TemporaryFolder names = new();
        await using TestRegistry registry = await TestRegistry.StartAsync(serve: content => content with { Resolvers = Folder(names) });
        (byte[] manifest, Digest digest) = await registry.PushImageAsync("team/app", "1", 1);
        await registry.PushImageAsync("team/other", "1", 2);
        File.Copy(names["team/app/1"], names["team/other/2"]);
        await CheckPullAsync(registry, "team/other", manifest, digest, "2");
    }

    private sealed class Broken : ICidResolver
    {
        public ValueTask<Cid?> ResolveAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken = default) => throw Failure();

        public ValueTask<IReadOnlyList<Tag>> ListTagsAsync(RepositoryName repository, CancellationToken cancellationToken = default) => throw Failure();

        private static IpdrException Failure() => new(new Fault(FaultCode.NamesUnreachable, "nobody answers", "example.org", ""));
    }

    private static CidResolvers Folder(TemporaryFolder names) => new([new FolderResolver(names.Path)]);

    private static async Task CheckPullAsync(TestRegistry registry, string name, byte[] manifest, Digest digest, string tag = "latest")
    {
        using HttpResponseMessage named = await registry.GetAsync($"/v2/{name}/manifests/{tag}").IsAsync(HttpStatusCode.OK);
        Assert.Equal(manifest, await named.BytesAsync());
        Assert.Equal(TestContent.OciManifest, named.Content.Headers.ContentType?.MediaType);
        Assert.Equal(digest.ToString(), named.Header("Docker-Content-Digest"));
        using HttpResponseMessage byDigest = await registry.GetAsync($"/v2/{name}/manifests/{digest}").IsAsync(HttpStatusCode.OK);
        Assert.Equal(manifest, await byDigest.BytesAsync());
        using JsonDocument document = JsonDocument.Parse(manifest);
        foreach (JsonElement blob in document.RootElement.GetProperty("layers").EnumerateArray().Append(document.RootElement.GetProperty("config")))
        {
            string wanted = blob.GetProperty("digest").GetString()!;
            using HttpResponseMessage whole = await registry.GetAsync($"/v2/{name}/blobs/{wanted}").IsAsync(HttpStatusCode.OK);
            byte[] bytes = await whole.BytesAsync();
            Assert.Equal(wanted, TestContent.Sha256(bytes));
            using HttpResponseMessage part = await registry.GetAsync($"/v2/{name}/blobs/{wanted}", ("Range", "bytes=3-")).IsAsync(HttpStatusCode.PartialContent);
            Assert.Equal(bytes[3..], await part.BytesAsync());
        }
    }
}
