using System.Net;
using Ipdr.Oci.Digests;

namespace Ipdr.Server.Tests;

/// <summary>distribution-spec, "Content Management".</summary>
public sealed class ManagementTests : IAsyncLifetime
{
    private TestRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task A_deleted_tag_is_gone_and_the_manifest_stays()
    {
        (_, Digest digest) = await _registry.PushImageAsync("a", "1");
        using (await _registry.DeleteAsync("/v2/a/manifests/1").IsAsync(HttpStatusCode.Accepted))
        {
        }
        await _registry.GetAsync("/v2/a/manifests/1").RefusesAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        await _registry.DeleteAsync("/v2/a/manifests/1").RefusesAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        using HttpResponseMessage stays = await _registry.GetAsync($"/v2/a/manifests/{digest}").IsAsync(HttpStatusCode.OK);
        using HttpResponseMessage tags = await _registry.GetAsync("/v2/a/tags/list").IsAsync(HttpStatusCode.OK);
        Assert.Empty((await tags.JsonAsync()).GetProperty("tags").EnumerateArray());
    }

    [Fact]
    public async Task A_deleted_manifest_is_gone_with_its_tags_here_and_stays_elsewhere()
    {
        (_, Digest digest) = await _registry.PushImageAsync("a", "1");
        await _registry.PushImageAsync("b", "1");
        using (await _registry.DeleteAsync($"/v2/a/manifests/{digest}").IsAsync(HttpStatusCode.Accepted))
        {
        }
        await _registry.GetAsync("/v2/a/manifests/1").RefusesAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        await _registry.GetAsync($"/v2/a/manifests/{digest}").RefusesAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        await _registry.DeleteAsync($"/v2/a/manifests/{digest}").RefusesAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        using HttpResponseMessage stays = await _registry.GetAsync("/v2/b/manifests/1").IsAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_deleted_blob_is_gone_here_and_can_be_pushed_again()
    {
        Digest digest = await _registry.PushBlobAsync("a", [1, 2, 3]);
        await _registry.PushBlobAsync("b", [1, 2, 3]);
        using (await _registry.DeleteAsync($"/v2/a/blobs/{digest}").IsAsync(HttpStatusCode.Accepted))
        {
        }
        await _registry.GetAsync($"/v2/a/blobs/{digest}").RefusesAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        await _registry.DeleteAsync($"/v2/a/blobs/{digest}").RefusesAsync(HttpStatusCode.NotFound, "BLOB_UNKNOWN");
        using HttpResponseMessage stays = await _registry.GetAsync($"/v2/b/blobs/{digest}").IsAsync(HttpStatusCode.OK);
        await _registry.PushBlobAsync("a", [1, 2, 3]);
        using HttpResponseMessage back = await _registry.GetAsync($"/v2/a/blobs/{digest}").IsAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("POST", "/v2/a/manifests/1", "GET, HEAD, PUT, DELETE")]
    [InlineData("PUT", "/v2/a/blobs/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "GET, HEAD, DELETE")]
    [InlineData("DELETE", "/v2/a/tags/list", "GET, HEAD")]
    [InlineData("GET", "/v2/a/blobs/uploads/", "POST")]
    public async Task A_method_that_a_resource_does_not_have_is_refused(string method, string path, string allowed)
    {
        using HttpResponseMessage answer = await _registry.SendAsync(new HttpMethod(method), path).IsAsync(HttpStatusCode.MethodNotAllowed);
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow));
    }

    [Fact]
    public async Task Nothing_changes_on_a_read_only_server()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(options => options with { ReadOnly = true });
        foreach ((string method, string path) in ((string, string)[])[
            ("POST", "/v2/a/blobs/uploads/"), ("PUT", "/v2/a/manifests/1"), ("DELETE", "/v2/a/manifests/1"),
            ("DELETE", $"/v2/a/blobs/{TestContent.Sha256([])}"), ("PATCH", "/v2/a/blobs/uploads/00000000000000000000000000000000")])
        {
            await registry.SendAsync(new HttpMethod(method), path).RefusesAsync(HttpStatusCode.MethodNotAllowed, "UNSUPPORTED");
        }
        using HttpResponseMessage answer = await registry.GetAsync("/v2/").IsAsync(HttpStatusCode.OK);
    }
}
