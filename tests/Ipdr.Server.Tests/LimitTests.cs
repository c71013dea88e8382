using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ipdr.Server.Tests;

/// <summary>What is too much is refused, and the server goes on.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task A_manifest_that_is_too_large_is_refused_told_or_untold()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(options => options with { MaxManifestBytes = 1000 });
        await registry.PutManifestAsync("a", "1", new byte[1001]).RefusesAsync(HttpStatusCode.RequestEntityTooLarge, "SIZE_INVALID");
        await registry.SendAsync(HttpMethod.Put, "/v2/a/manifests/1", new StreamContent(new UnsizedStream(new byte[1001]))).RefusesAsync(HttpStatusCode.RequestEntityTooLarge, "SIZE_INVALID");
    }

    [Fact]
    public async Task A_blob_that_is_too_large_is_refused_told_or_untold_in_one_piece_or_many()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(options => options with { MaxBlobBytes = 1000 });
        byte[] large = new byte[1001];
        await registry.SendAsync(HttpMethod.Post, $"/v2/a/blobs/uploads/?digest={TestContent.Sha256(large)}", TestRegistry.Octets(large)).RefusesAsync(HttpStatusCode.RequestEntityTooLarge, "SIZE_INVALID");
        string place = await registry.BeginUploadAsync("a");
        await registry.SendAsync(HttpMethod.Patch, place, new StreamContent(new UnsizedStream(large))).RefusesAsync(HttpStatusCode.RequestEntityTooLarge, "SIZE_INVALID");
        using (await registry.SendAsync(HttpMethod.Patch, place, TestRegistry.Octets(large[..600])).IsAsync(HttpStatusCode.Accepted))
        {
        }
        await registry.SendAsync(HttpMethod.Patch, place, TestRegistry.Octets(large[..401])).RefusesAsync(HttpStatusCode.RequestEntityTooLarge, "SIZE_INVALID");
        using (await registry.SendAsync(HttpMethod.Put, $"{place}?digest={TestContent.Sha256(large[..1000])}", TestRegistry.Octets(large[..400])).IsAsync(HttpStatusCode.Created))
        {
        }
        Assert.Single(Directory.EnumerateFiles(Path.Combine(registry.Home, "blobs"), "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(registry.Home, "uploads")));
    }

    [Fact]
    public async Task More_requests_at_once_than_allowed_are_told_to_come_back()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync(options => options with { MaxRequests = 1 });
        string place = await registry.BeginUploadAsync("a");
        using Socket slow = await ConnectAsync(registry);
        // Who is told to go on is being worked on.
        await slow.SendAsync(Encoding.ASCII.GetBytes($"PATCH {place} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n"), TestRegistry.Cancellation);
        Assert.StartsWith("HTTP/1.1 100", await ReadStartAsync(slow), StringComparison.Ordinal);
        await slow.SendAsync("12345"u8.ToArray(), TestRegistry.Cancellation);
        using (HttpResponseMessage refused = await registry.GetAsync("/v2/").IsAsync(HttpStatusCode.TooManyRequests))
            Assert.Equal("1", refused.Header("Retry-After"));
        // A busy server is not a dead one.
        (await registry.GetAsync("/health").IsAsync(HttpStatusCode.OK)).Dispose();
        (await registry.GetAsync("/ready").IsAsync(HttpStatusCode.OK)).Dispose();
        await slow.SendAsync("67890"u8.ToArray(), TestRegistry.Cancellation);
        Assert.StartsWith("HTTP/1.1 202", await ReadStartAsync(slow), StringComparison.Ordinal);
        // The answer may be here before the server has put the request aside.
        HttpStatusCode after = HttpStatusCode.TooManyRequests;
        for (int attempt = 0; attempt < 100 && after == HttpStatusCode.TooManyRequests; attempt++)
        {
            await Task.Delay(attempt, TestRegistry.Cancellation);
            using HttpResponseMessage answer = await registry.GetAsync("/v2/");
            after = answer.StatusCode;
        }
        Assert.Equal(HttpStatusCode.OK, after);
    }

    [Theory]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: x\r\nX-Long: {long}\r\n\r\n", "HTTP/1.1 431")]
    [InlineData("GET /v2/{long}/tags/list HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 414")]
    [InlineData("GET /v2/ HTTP/1.1\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("\x16\x03\x01\x02\x00\x01\x00\x01", "HTTP/1.1 400")]
    [InlineData("PATCH /v2/a/blobs/uploads/00000000000000000000000000000000 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", "HTTP/1.1 40")]
    public async Task Hostile_requests_are_refused(string request, string start)
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        using Socket socket = await ConnectAsync(registry);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request.Replace("{long}", new string('a', 40_000), StringComparison.Ordinal)), TestRegistry.Cancellation);
        Assert.StartsWith(start, await ReadStartAsync(socket), StringComparison.Ordinal);
        using HttpResponseMessage after = await registry.GetAsync("/v2/").IsAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_client_that_trickles_a_body_is_ended_and_what_it_sent_can_be_built_upon()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        string place = await registry.BeginUploadAsync("a");
        using Socket slow = await ConnectAsync(registry);
        await slow.SendAsync(Encoding.ASCII.GetBytes($"PATCH {place} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n12345"), TestRegistry.Cancellation);
        // Five seconds of grace, then 240 bytes a second are asked for.
        Assert.Contains("408", await ReadStartAsync(slow), StringComparison.Ordinal);
        using HttpResponseMessage status = await registry.GetAsync(place).IsAsync(HttpStatusCode.NoContent);
        Assert.Equal("0-4", status.Header("Range"));
        using HttpResponseMessage done = await registry.SendAsync(HttpMethod.Put, $"{place}?digest={TestContent.Sha256("123456"u8.ToArray())}", TestRegistry.Octets("6"u8.ToArray())).IsAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_client_that_goes_away_leaves_an_upload_that_can_be_continued()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        string place = await registry.BeginUploadAsync("a");
        using (Socket gone = await ConnectAsync(registry))
        {
            await gone.SendAsync(Encoding.ASCII.GetBytes($"PATCH {place} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n12345"), TestRegistry.Cancellation);
            await Task.Delay(200, TestRegistry.Cancellation);
        }
        HttpStatusCode status = HttpStatusCode.Conflict;
        for (int attempt = 0; attempt < 100 && status == HttpStatusCode.Conflict; attempt++)
        {
            await Task.Delay(20, TestRegistry.Cancellation);
            using HttpResponseMessage done = await registry.SendAsync(HttpMethod.Put, $"{place}?digest={TestContent.Sha256("12345"u8.ToArray())}");
            status = done.StatusCode;
        }
        Assert.Equal(HttpStatusCode.Created, status);
    }

    private static async Task<Socket> ConnectAsync(TestRegistry registry)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, registry.Server.Address.Port, TestRegistry.Cancellation);
        return socket;
    }

    private static async Task<string> ReadStartAsync(Socket socket)
    {
        byte[] buffer = new byte[256];
        int count = await socket.ReceiveAsync(buffer, TestRegistry.Cancellation);
        return Encoding.ASCII.GetString(buffer, 0, count);
    }
}
