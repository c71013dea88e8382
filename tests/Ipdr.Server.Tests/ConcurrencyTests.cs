using System.Net;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Store;

namespace Ipdr.Server.Tests;

/// <summary>Many at once, against one server and against several over the same store.</summary>
public sealed class ConcurrencyTests
{
    private const int Clients = 32;

    [Fact]
    public async Task The_same_blob_pushed_by_many_at_once_is_there_once_and_right()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        byte[] content = TestContent.Bytes(5, 200_000);
        Digest[] digests = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => registry.PushBlobAsync($"r{i % 4}", content)));
        Assert.Single(digests.Distinct());
        Assert.Single(Directory.EnumerateFiles(Path.Combine(registry.Home, "blobs"), "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(registry.Home, "uploads")));
        using HttpResponseMessage answer = await registry.GetAsync($"/v2/r3/blobs/{digests[0]}").IsAsync(HttpStatusCode.OK);
        Assert.Equal(content, await answer.BytesAsync());
    }

    [Fact]
    public async Task The_same_tag_pushed_by_many_at_once_names_one_of_what_was_pushed()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        var pushed = await Task.WhenAll(Enumerable.Range(0, Clients).Select(seed => registry.PushImageAsync("a", "latest", seed)));
        using HttpResponseMessage answer = await registry.GetAsync("/v2/a/manifests/latest").IsAsync(HttpStatusCode.OK);
        string digest = answer.Header("Docker-Content-Digest");
        Assert.Contains(digest, pushed.Select(image => image.Digest.ToString()));
        Assert.Equal(digest, TestContent.Sha256(await answer.BytesAsync()));
    }

    [Fact]
    public async Task Two_hundred_who_push_and_pull_at_once_all_succeed()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        (byte[] manifest, _) = await registry.PushImageAsync("team/first", "1");
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            await registry.PushImageAsync($"team/app{i % 20}", $"{i}", i);
            using HttpResponseMessage pulled = await registry.GetAsync("/v2/team/first/manifests/1").IsAsync(HttpStatusCode.OK);
            Assert.Equal(manifest, await pulled.BytesAsync());
            using HttpResponseMessage blob = await registry.GetAsync($"/v2/team/app{i % 20}/blobs/{TestContent.Sha256(TestContent.Bytes(i, 1000))}").IsAsync(HttpStatusCode.OK);
            Assert.Equal(TestContent.Bytes(i, 1000), await blob.BytesAsync());
        }));
    }

    [Fact]
    public async Task Two_who_write_one_upload_at_once_do_not_mix()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        byte[] content = TestContent.Bytes(6, 500_000);
        string place = await registry.BeginUploadAsync("a");
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            registry.SendAsync(HttpMethod.Patch, place, TestRegistry.Octets(content), ("Content-Range", $"0-{content.Length - 1}"))));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Accepted);
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Accepted, HttpStatusCode.Conflict, HttpStatusCode.RequestedRangeNotSatisfiable }));
        using HttpResponseMessage done = await registry.SendAsync(HttpMethod.Put, $"{place}?digest={TestContent.Sha256(content)}").IsAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Two_servers_over_one_store_see_what_the_other_has()
    {
        await using TestRegistry first = await TestRegistry.StartAsync();
        using ContentStore store = ContentStore.Open(first.Home);
        await using RegistryServer second = RegistryServer.Over(store, new ServerOptions { Port = 0 });
        await second.StartAsync(TestRegistry.Cancellation);
        using HttpClient client = new() { BaseAddress = second.Address };
        string place = await first.BeginUploadAsync("a");
        using (HttpResponseMessage chunk = await client.SendAsync(new HttpRequestMessage(HttpMethod.Patch, place) { Content = TestRegistry.Octets([1, 2]) }, TestRegistry.Cancellation))
            Assert.Equal(HttpStatusCode.Accepted, chunk.StatusCode);
        using (await first.SendAsync(HttpMethod.Put, $"{place}?digest={TestContent.Sha256([1, 2, 3])}", TestRegistry.Octets([3])).IsAsync(HttpStatusCode.Created))
        {
        }
        (byte[] manifest, _) = await first.PushImageAsync("a", "1");
        Assert.Equal(manifest, await client.GetByteArrayAsync("/v2/a/manifests/1", TestRegistry.Cancellation));
        Assert.Equal([1, 2, 3], await client.GetByteArrayAsync($"/v2/a/blobs/{TestContent.Sha256([1, 2, 3])}", TestRegistry.Cancellation));
        await second.StopAsync();
    }

    [Fact]
    public async Task Pushes_go_well_while_collections_run()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        using CancellationTokenSource enough = new();
        Task collecting = Task.Run(async () =>
        {
            using ContentStore other = ContentStore.Open(registry.Home);
            while (!enough.IsCancellationRequested)
                await other.CollectAsync(new CollectionOptions { Grace = TimeSpan.FromMinutes(1) }, TestRegistry.Cancellation);
        }, TestRegistry.Cancellation);
        for (int round = 0; round < 5; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(i => registry.PushImageAsync($"r{i}", "latest", (round * 8) + i)));
            using (await registry.DeleteAsync($"/v2/r{round}/manifests/latest").IsAsync(HttpStatusCode.Accepted))
            {
            }
        }
        await enough.CancelAsync();
        await collecting;
        using HttpResponseMessage answer = await registry.GetAsync("/v2/r7/manifests/latest").IsAsync(HttpStatusCode.OK);
    }
}
