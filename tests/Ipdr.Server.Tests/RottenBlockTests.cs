using System.Net;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Server.Tests;

/// <summary>What a disk did to a block of the store is not given out as if nothing had happened.</summary>
public sealed class RottenBlockTests
{
    private static readonly byte[] Content = TestContent.Bytes(1, 1000);
    private static readonly Cid Name = Cid.Create(1, Multicodec.Raw, Multihash.OfContent(MultihashCode.Sha256, Content));

    [Theory]
    [InlineData("raw")]
    [InlineData("car")]
    public async Task A_block_that_was_not_served_before_is_refused(string format)
    {
        await using TestRegistry server = await StartAsync();
        await RotAsync(server);
        (await server.GetAsync($"/ipfs/{Name}?format={format}").IsAsync(HttpStatusCode.InternalServerError)).Dispose();
    }

    [Fact]
    public async Task A_file_which_the_client_cannot_check_is_checked_each_time()
    {
        await using TestRegistry server = await StartAsync();
        (await server.GetAsync($"/ipfs/{Name}?format=raw").IsAsync(HttpStatusCode.OK)).Dispose();
        (await server.GetAsync($"/ipfs/{Name}").IsAsync(HttpStatusCode.OK)).Dispose();
        await RotAsync(server);
        // Who asks for the block sees by its name that it is another one.
        using HttpResponseMessage block = await server.GetAsync($"/ipfs/{Name}?format=raw").IsAsync(HttpStatusCode.OK);
        Assert.NotEqual(Name.Hash, Multihash.OfContent(MultihashCode.Sha256, await block.BytesAsync()));
        (await server.GetAsync($"/ipfs/{Name}").IsAsync(HttpStatusCode.InternalServerError)).Dispose();
    }

    private static async Task<TestRegistry> StartAsync()
    {
        TestRegistry server = await TestRegistry.StartAsync(options => options with { Deserialized = true });
        await server.PushImageAsync("team/app", "1");
        return server;
    }

    private static async Task RotAsync(TestRegistry server)
    {
        Digest digest = Digest.Parse(TestContent.Sha256(Content));
        byte[] rotten = [.. Content];
        rotten[^1] ^= 1;
        await File.WriteAllBytesAsync(server.Store.FindBlob(digest)!.Path, rotten, TestRegistry.Cancellation);
    }
}
