using System.Net;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Server.Tests;

/// <summary>"It is nowhere" is said only when everybody who was asked says so.</summary>
public sealed class UpstreamTests
{
    private static readonly SourceOptions Impatient = new() { Patience = TimeSpan.FromMilliseconds(500) };
    private static readonly BlockPoolOptions Quick = new() { Overtake = TimeSpan.FromMilliseconds(100), MaxRounds = 1, MaxThrottles = 1 };

    [Theory]
    [InlineData(UpstreamFailure.Stalls)]
    [InlineData(UpstreamFailure.Unavailable)]
    [InlineData(UpstreamFailure.NotInTime)]
    [InlineData(UpstreamFailure.Lies)]
    public async Task What_could_not_be_fetched_may_well_exist(UpstreamFailure failure)
    {
        await using TestRegistry origin = await TestRegistry.StartAsync();
        Cid cid = await PushAsync(origin);
        await using Upstream empty = await Upstream.StartAsync(new JoinedBlocks([])), failing = await Upstream.StartAsync(origin.Store);
        failing.Failure = failure;
        await using BlockPool pool = Pool(empty, failing);
        await using TestRegistry server = await TestRegistry.StartAsync(serve: content => content with { Elsewhere = pool });
        using HttpResponseMessage block = await server.GetAsync($"/ipfs/{cid}?format=raw").IsAsync(HttpStatusCode.GatewayTimeout);
        string text = await block.Content.ReadAsStringAsync(TestRegistry.Cancellation);
        Assert.Contains(Name(failing), text, StringComparison.Ordinal);
        Assert.DoesNotContain(Name(empty), text, StringComparison.Ordinal);
        Assert.True(block.Headers.CacheControl!.NoStore);
        Assert.NotNull(block.Headers.RetryAfter);
        await server.GetAsync($"/ipfs/{cid}?format=car").IsAsync(HttpStatusCode.GatewayTimeout);
        await server.GetAsync($"/v2/{cid}/manifests/latest").RefusesAsync(HttpStatusCode.GatewayTimeout, "UNAVAILABLE");
        using HttpResponseMessage manifest = await server.GetAsync($"/v2/{cid}/manifests/latest");
        Assert.Contains(Name(failing), await manifest.Content.ReadAsStringAsync(TestRegistry.Cancellation), StringComparison.Ordinal);
        (await server.HeadAsync($"/v2/{cid}/manifests/latest").IsAsync(HttpStatusCode.GatewayTimeout)).Dispose();
    }

    [Fact]
    public async Task What_nobody_has_is_not_there()
    {
        await using TestRegistry origin = await TestRegistry.StartAsync();
        Cid cid = await PushAsync(origin);
        await using Upstream one = await Upstream.StartAsync(new JoinedBlocks([])), two = await Upstream.StartAsync(new JoinedBlocks([]));
        await using BlockPool pool = Pool(one, two);
        await using TestRegistry server = await TestRegistry.StartAsync(serve: content => content with { Elsewhere = pool });
        (await server.GetAsync($"/ipfs/{cid}?format=raw").IsAsync(HttpStatusCode.NotFound)).Dispose();
        await server.GetAsync($"/v2/{cid}/manifests/latest").RefusesAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
    }

    [Fact]
    public async Task A_blob_that_cannot_be_fetched_any_more_is_refused_and_nobody_keeps_that()
    {
        await using TestRegistry origin = await TestRegistry.StartAsync();
        Cid cid = await PushAsync(origin);
        await using Upstream upstream = await Upstream.StartAsync(origin.Store);
        await using BlockPool pool = Pool(upstream);
        await using TestRegistry server = await TestRegistry.StartAsync(serve: content => content with { Elsewhere = pool });
        (await server.GetAsync($"/v2/{cid}/manifests/latest").IsAsync(HttpStatusCode.OK)).Dispose();
        upstream.Failure = UpstreamFailure.NotInTime;
        using HttpResponseMessage blob = await server.GetAsync($"/v2/{cid}/blobs/{TestContent.Sha256(TestContent.Bytes(1, 1000))}").IsAsync(HttpStatusCode.GatewayTimeout);
        Assert.Null(blob.Headers.ETag);
        Assert.True(blob.Headers.CacheControl!.NoStore);
        Assert.Equal("", blob.Header("Docker-Content-Digest"));
        upstream.Failure = null;
        (await server.GetAsync($"/v2/{cid}/blobs/{TestContent.Sha256(TestContent.Bytes(1, 1000))}").IsAsync(HttpStatusCode.OK)).Dispose();
    }

    private static BlockPool Pool(params Upstream[] upstreams) =>
        new(upstreams.Select(upstream => PooledSource.Of(new TrustlessGateway(upstream.Address, Impatient))), Quick);

    private static string Name(Upstream upstream) => upstream.Address.ToString().TrimEnd('/');

    private static async Task<Cid> PushAsync(TestRegistry origin)
    {
        await origin.PushImageAsync("team/app", "1");
        return (await origin.Store.FindCidAsync(RepositoryName.Parse("team/app"), Tag.Parse("1"), TestRegistry.Cancellation))!.Value;
    }
}
