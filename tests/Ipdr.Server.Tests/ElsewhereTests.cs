using System.Buffers;
using System.Net;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Store;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Server.Tests;

/// <summary>What is not at hand comes from elsewhere, verified, and stays.</summary>
public sealed class ElsewhereTests
{
    [Fact]
    public async Task An_image_that_is_only_elsewhere_is_pulled_once_and_then_at_hand()
    {
        using TemporaryFolder folder = new();
        await using TestRegistry origin = await TestRegistry.StartAsync();
        (byte[] manifest, _) = await origin.PushImageAsync("team/app", "1");
        string cid = (await origin.Store.FindCidAsync(RepositoryName.Parse("team/app"), Tag.Parse("1"), TestRegistry.Cancellation))!.Value.ToString();
        Source source = new(origin.Store);
        await using TestRegistry cache = await TestRegistry.StartAsync(serve: content => content with { Elsewhere = new BlockCache(folder["blocks"], source, 1 << 20) });
        await PullAsync(cache, cid, manifest);
        int reads = source.Reads;
        Assert.True(reads > 0);
        await cache.RestartAsync();
        await PullAsync(cache, cid, manifest);
        Assert.Equal(reads, source.Reads);
        (await cache.GetAsync($"/ipfs/{cid}?format=raw", ("Cache-Control", "only-if-cached")).IsAsync(HttpStatusCode.PreconditionFailed)).Dispose();
        // A kept block that was damaged is fetched again.
        foreach (string file in Directory.EnumerateFiles(folder["blocks"], "*", SearchOption.AllDirectories))
            await File.WriteAllBytesAsync(file, [1, 2, 3], TestRegistry.Cancellation);
        await PullAsync(cache, cid, manifest);
        Assert.True(source.Reads > reads);
    }

    [Fact]
    public async Task Not_a_byte_of_a_lie_gets_through()
    {
        using TemporaryFolder folder = new();
        await using TestRegistry origin = await TestRegistry.StartAsync();
        (byte[] manifest, _) = await origin.PushImageAsync("team/app", "1");
        string cid = (await origin.Store.FindCidAsync(RepositoryName.Parse("team/app"), Tag.Parse("1"), TestRegistry.Cancellation))!.Value.ToString();
        byte[] layer = TestContent.Bytes(1, 1000);
        Source source = new(origin.Store);
        await using TestRegistry cache = await TestRegistry.StartAsync(serve: content => content with { Elsewhere = new BlockCache(folder["blocks"], source, 1 << 20) });
        (await cache.GetAsync($"/v2/{cid}/manifests/latest").IsAsync(HttpStatusCode.OK)).Dispose();
        source.Lies = true;
        try
        {
            using HttpResponseMessage answer = await cache.GetAsync($"/v2/{cid}/blobs/{TestContent.Sha256(layer)}");
            Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
        }
        catch (HttpRequestException)
        {
            // Cut off: the client knows that it has nothing.
        }
        Cid leaf = Cid.Create(1, Multicodec.Raw, Multihash.OfContent(MultihashCode.Sha256, layer));
        Assert.NotEqual(HttpStatusCode.OK, (await cache.GetAsync($"/ipfs/{leaf}?format=raw")).StatusCode);
        source.Lies = false;
        await PullAsync(cache, cid, manifest);
    }

    [Fact]
    public async Task The_longest_unused_blocks_make_room()
    {
        using TemporaryFolder folder = new();
        await using TestRegistry origin = await TestRegistry.StartAsync();
        BlockCache cache = new(folder["blocks"], origin.Store, 100_000);
        for (int seed = 0; seed < 40; seed++)
        {
            byte[] bytes = TestContent.Bytes(seed, 10_000);
            await origin.PushBlobAsync("a", bytes);
            using IMemoryOwner<byte>? block = await cache.TryReadAsync(Cid.Create(1, Multicodec.Raw, Multihash.OfContent(MultihashCode.Sha256, bytes)), TestRegistry.Cancellation);
            Assert.Equal(bytes, block!.Memory.ToArray());
        }
        Assert.InRange(new DirectoryInfo(folder["blocks"]).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length), 50_000, 120_000);
        Assert.Null(await cache.TryReadAsync(Cid.Create(1, Multicodec.Raw, Multihash.OfContent(MultihashCode.Sha256, [9])), TestRegistry.Cancellation));
    }

    private static async Task PullAsync(TestRegistry registry, string cid, byte[] manifest)
    {
        using HttpResponseMessage answer = await registry.GetAsync($"/v2/{cid}/manifests/latest").IsAsync(HttpStatusCode.OK);
        Assert.Equal(manifest, await answer.BytesAsync());
        byte[] layer = TestContent.Bytes(1, 1000);
        using HttpResponseMessage blob = await registry.GetAsync($"/v2/{cid}/blobs/{Digest.OfContent(DigestAlgorithm.Sha256, layer)}").IsAsync(HttpStatusCode.OK);
        Assert.Equal(layer, await blob.BytesAsync());
    }

    private sealed class Source(IBlockSource blocks) : IBlockSource
    {
        public int Reads { get; private set; }

        public bool Lies { get; set; }

        public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
        {
            Reads++;
            IMemoryOwner<byte>? block = await blocks.TryReadAsync(cid, cancellationToken);
            if (Lies && block is { Memory.Length: > 0 })
                block.Memory.Span[0] ^= 1;
            return block;
        }
    }
}
