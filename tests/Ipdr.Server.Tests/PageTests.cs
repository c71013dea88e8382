using System.Net;
using System.Text.RegularExpressions;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Serving;

namespace Ipdr.Server.Tests;

/// <summary>The page at <c>/</c>.</summary>
public sealed partial class PageTests
{
    [Fact]
    public async Task It_shows_tags_platforms_sizes_cids_digests_and_shared_layers()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        (_, Ipdr.Oci.Digests.Digest digest) = await registry.PushImageAsync("team/app", "1.0");
        await registry.PushImageAsync("team/other", "2", 2);
        string page = await ReadAsync(registry, "/");
        Assert.Contains("team/app", page, StringComparison.Ordinal);
        Assert.Contains("/-/image?name=team%2Fapp&amp;tag=1.0", page, StringComparison.Ordinal);
        Assert.Contains("linux/amd64", page, StringComparison.Ordinal);
        Assert.Contains($"title=\"{digest}\"", page, StringComparison.Ordinal);
        Assert.Contains("title=\"bafy", page, StringComparison.Ordinal);
        Assert.Contains("1000 B, in no other image here", page, StringComparison.Ordinal);
        await registry.PushImageAsync("team/again", "3");
        Assert.DoesNotContain("shared with 1 image here", await ReadAsync(registry, "/"), StringComparison.Ordinal);
        // Another image with the same layer: no longer two names of one.
        (await registry.PutManifestAsync("team/again", "4", [.. await ManifestOfAsync(registry, "team/again", "3"), (byte)'\n']).IsAsync(HttpStatusCode.Created)).Dispose();
        Assert.Contains("1000 B, shared with 1 image here", await ReadAsync(registry, "/"), StringComparison.Ordinal);
        using HttpResponseMessage image = await registry.GetAsync("/-/image?name=team/app&tag=1.0").IsAsync(HttpStatusCode.OK);
        string detail = await image.Content.ReadAsStringAsync(TestRegistry.Cancellation);
        string host = registry.Server.Address.Authority;
        foreach (string command in (string[])["docker pull", "podman pull --tls-verify=false", "ctr images pull --plain-http"])
            Assert.Contains($"data-copy=\"{command} {host}/team/app:1.0\"", detail, StringComparison.Ordinal);
        Assert.Matches($"docker pull {Regex.Escape(host)}/bafy[a-z2-7]+:1\\.0\"", detail);
        Assert.Contains("?format=car", detail, StringComparison.Ordinal);
        Assert.Contains("✓ complete", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_in_it_is_markup_that_others_wrote_and_nothing_comes_from_elsewhere()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        byte[] config = System.Text.Encoding.UTF8.GetBytes("""{"architecture":"<script>alert(1)</script>","os":"\"onload=x","rootfs":{"type":"layers","diff_ids":[]}}"""), layer = [1];
        await registry.PushBlobAsync("team/app", config);
        await registry.PushBlobAsync("team/app", layer);
        (await registry.PutManifestAsync("team/app", "1", TestContent.Manifest(Ipdr.Oci.Digests.DigestAlgorithm.Sha256, config, layer)).IsAsync(HttpStatusCode.Created)).Dispose();
        foreach (string path in (string[])["/", "/-/image?name=team/app&tag=1", "/-/image?name=%3Cscript%3E&tag=x", "/-/nothing"])
        {
            using HttpResponseMessage answer = await registry.GetAsync(path);
            string text = await answer.Content.ReadAsStringAsync(TestRegistry.Cancellation);
            Assert.DoesNotContain("<script>", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("\"onload", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch(Inline, text);
            Assert.Equal("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", answer.Header("Content-Security-Policy"));
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        }
        (await registry.GetAsync("/-/image?name=team/app&tag=2").IsAsync(HttpStatusCode.NotFound)).Dispose();
        (await registry.DeleteAsync("/").IsAsync(HttpStatusCode.MethodNotAllowed)).Dispose();
        foreach (string asset in (string[])["/-/style.css", "/-/page.js", "/-/icon.svg"])
            (await registry.GetAsync(asset).IsAsync(HttpStatusCode.OK)).Dispose();
    }

    [Fact]
    public async Task An_empty_store_and_an_image_with_missing_parts_are_told()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        Assert.Contains("There are none yet", await ReadAsync(registry, "/"), StringComparison.Ordinal);
        await registry.PushImageAsync("team/app", "1");
        (await registry.DeleteAsync($"/v2/team/app/blobs/{TestContent.Sha256(TestContent.Bytes(1, 1000))}").IsAsync(HttpStatusCode.Accepted)).Dispose();
        Assert.Contains("parts are missing", await ReadAsync(registry, "/-/image?name=team/app&tag=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_of_places_on_disk_have_their_CIDs_and_what_is_verified_is_told_of_each()
    {
        using TemporaryFolder folder = new();
        await using TestRegistry origin = await TestRegistry.StartAsync();
        (byte[] manifest, _) = await origin.PushImageAsync("team/app", "1");
        Assert.Contains("held against its digest when it came in", await ReadAsync(origin, "/-/image?name=team/app&tag=1"), StringComparison.Ordinal);
        string cid = (await origin.Store.FindCidAsync(RepositoryName.Parse("team/app"), Tag.Parse("1"), TestRegistry.Cancellation))!.Value.ToString();
        Assert.Contains("Every block is held against its CID", await ReadAsync(origin, $"/-/image?name={cid}&tag=1"), StringComparison.Ordinal);
        await TestContent.WriteLayoutAsync(folder["layout"], "docker.io/team/app:1", manifest, TestContent.Config(1), TestContent.Bytes(1, 1000));
        await using ServedPlaces places = await ServedPlaces.OpenAsync([folder["layout"]], null, TestRegistry.Cancellation);
        await using TestRegistry registry = await TestRegistry.StartAsync(serve: _ => ServedContent.Of(places));
        Cid root = (await places.FindCidAsync(RepositoryName.Parse("team/app"), Tag.Parse("1"), TestRegistry.Cancellation))!.Value;
        Assert.Contains($"title=\"{root}\"", await ReadAsync(registry, "/"), StringComparison.Ordinal);
        string page = await ReadAsync(registry, "/-/image?name=team/app&tag=1");
        Assert.Contains($"docker pull {registry.Server.Address.Authority}/{root}:1", page, StringComparison.Ordinal);
        Assert.Contains("Blobs are sent as they lie on the disk", page, StringComparison.Ordinal);
    }

    private static async Task<byte[]> ManifestOfAsync(TestRegistry registry, string repository, string tag)
    {
        using HttpResponseMessage answer = await registry.GetAsync($"/v2/{repository}/manifests/{tag}").IsAsync(HttpStatusCode.OK);
        return await answer.BytesAsync();
    }

    private static async Task<string> ReadAsync(TestRegistry registry, string path)
    {
        using HttpResponseMessage answer = await registry.GetAsync(path).IsAsync(HttpStatusCode.OK);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadAsStringAsync(TestRegistry.Cancellation);
    }

    // Styles, handlers and scripts in the markup itself, or anything with a host.
    [GeneratedRegex(@"<style|style=|\son[a-z]+=|<script[^>]*>[^<]|(src|href)=""(https?:)?//", RegexOptions.IgnoreCase)]
    private static partial Regex Inline { get; }
}
