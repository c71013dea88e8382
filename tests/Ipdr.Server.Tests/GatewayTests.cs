using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Server.Tests;

/// <summary>The trustless gateway, as the IPFS specifications describe it.</summary>
public sealed class GatewayTests : IAsyncLifetime
{
    private const string Raw = "application/vnd.ipld.raw";
    private const string Car = "application/vnd.ipld.car";

    private readonly TemporaryFolder _folder = new();
    private readonly DagBlocks _blocks = new();
    private TestRegistry _registry = null!;
    private Dag _dag = null!;
    private Dictionary<string, DagEntry> _entries = null!;

    public async ValueTask InitializeAsync()
    {
        string tree = _folder["tree"];
        Directory.CreateDirectory(Path.Combine(tree, "below", "empty"));
        await File.WriteAllBytesAsync(Path.Combine(tree, "small.txt"), "small"u8.ToArray(), TestRegistry.Cancellation);
        await File.WriteAllBytesAsync(Path.Combine(tree, "below", "large"), TestContent.Bytes(1, 10_500), TestRegistry.Cancellation);
        await File.WriteAllBytesAsync(Path.Combine(tree, "below", "twice"), new byte[3_000], TestRegistry.Cancellation);
        Directory.CreateDirectory(Path.Combine(tree, "many"));
        for (int i = 0; i < 300; i++)
            await File.WriteAllTextAsync(Path.Combine(tree, "many", $"entry {i}"), $"{i}", TestRegistry.Cancellation);
        UnixFsProfile profile = UnixFsProfile.V1 with { ChunkSize = 1000, MaxFileLinks = 4, HamtThreshold = 1000 };
        _dag = await UnixFsImporter.ImportAsync(tree, new ImportOptions { Profile = profile, KeepBlocks = true }, TestRegistry.Cancellation);
        _blocks.Add(_dag);
        _entries = _dag.Entries().ToDictionary(entry => entry.Path);
        _registry = await TestRegistry.StartAsync(options => options with { Deserialized = false }, content => content with { Blocks = new JoinedBlocks([content.Blocks, _blocks]) });
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_block_comes_with_all_that_the_specification_asks_for()
    {
        Cid cid = CidOf("small.txt");
        using HttpResponseMessage answer = await _registry.GetAsync($"/ipfs/{cid}?format=raw").IsAsync(HttpStatusCode.OK);
        Assert.Equal("small"u8.ToArray(), await answer.BytesAsync());
        Assert.Equal(Raw, answer.Header("Content-Type"));
        Assert.Equal("5", answer.Header("Content-Length"));
        Assert.Equal($"attachment; filename=\"{cid}.bin\"", answer.Header("Content-Disposition"));
        Assert.Equal($"\"{cid}.raw\"", answer.Header("ETag"));
        Assert.Equal("public, max-age=29030400, immutable", answer.Header("Cache-Control"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal($"/ipfs/{cid}", answer.Header("X-Ipfs-Path"));
        Assert.Equal($"{cid}", answer.Header("X-Ipfs-Roots"));
        Assert.Equal("bytes", answer.Header("Accept-Ranges"));
        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        using HttpResponseMessage head = await _registry.HeadAsync($"/ipfs/{cid}?format=raw").IsAsync(HttpStatusCode.OK);
        Assert.Equal("5", head.Header("Content-Length"));
        using HttpResponseMessage known = await _registry.GetAsync($"/ipfs/{cid}?format=raw", ("If-None-Match", $"W/\"{cid}.raw\"")).IsAsync(HttpStatusCode.NotModified);
        using HttpResponseMessage part = await _registry.GetAsync($"/ipfs/{cid}?format=raw", ("Range", "bytes=1-2")).IsAsync(HttpStatusCode.PartialContent);
        Assert.Equal("ma"u8.ToArray(), await part.BytesAsync());
        Assert.Equal("bytes 1-2/5", part.Header("Content-Range"));
        using HttpResponseMessage same = await _registry.GetAsync($"/ipfs/{cid}?format=raw", ("Range", "bytes=1-2"), ("If-Range", $"\"{cid}.raw\"")).IsAsync(HttpStatusCode.PartialContent);
        using HttpResponseMessage other = await _registry.GetAsync($"/ipfs/{cid}?format=raw", ("Range", "bytes=1-2"), ("If-Range", $"\"{cid}\"")).IsAsync(HttpStatusCode.OK);
        Assert.Equal("small"u8.ToArray(), await other.BytesAsync());
        (await _registry.GetAsync($"/ipfs/{cid}?format=raw", ("Range", "bytes=5-")).IsAsync(HttpStatusCode.RequestedRangeNotSatisfiable)).Dispose();
        using HttpResponseMessage byPath = await _registry.GetAsync($"/ipfs/{_dag.Root}/small.txt?format=raw").IsAsync(HttpStatusCode.OK);
        Assert.Equal($"{_dag.Root},{cid}", byPath.Header("X-Ipfs-Roots"));
    }

    [Fact]
    public async Task The_format_is_chosen_by_header_too_and_the_address_wins()
    {
        Cid cid = CidOf("small.txt");
        using HttpResponseMessage byHeader = await _registry.GetAsync($"/ipfs/{cid}", ("Accept", Raw)).IsAsync(HttpStatusCode.OK);
        Assert.Equal(Raw, byHeader.Header("Content-Type"));
        Assert.Equal($"/ipfs/{cid}?format=raw", byHeader.Header("Content-Location"));
        using HttpResponseMessage both = await _registry.GetAsync($"/ipfs/{cid}?format=raw", ("Accept", Car)).IsAsync(HttpStatusCode.OK);
        Assert.Equal(Raw, both.Header("Content-Type"));
        using HttpResponseMessage weighed = await _registry.GetAsync($"/ipfs/{cid}", ("Accept", $"{Raw};q=0.1, {Car};order=dfs;dups=y")).IsAsync(HttpStatusCode.OK);
        Assert.Equal($"{Car}; version=1; order=dfs; dups=y", weighed.Header("Content-Type"));
        using HttpResponseMessage named = await _registry.GetAsync($"/ipfs/{cid}?format=raw&filename=%C3%A9\"t.bin").IsAsync(HttpStatusCode.OK);
        Assert.Equal("attachment; filename=\"__t.bin\"; filename*=UTF-8''%C3%A9%22t.bin", named.Header("Content-Disposition"));
    }

    [Theory]
    [InlineData("/ipfs/{root}", 400)]
    [InlineData("/ipfs/{root}?format=tar", 406)]
    [InlineData("/ipfs/nonsense?format=raw", 400)]
    [InlineData("/ipfs/{root}?format=ipns-record", 400)]
    [InlineData("/ipns/k51qzi5uqu5dlvj2baxnqndepeb86cbk3ng7n3i46uzyxzyqj2xjonzllnv0v8?format=ipns-record", 501)]
    [InlineData("/ipfs/{root}/absent?format=raw", 404)]
    [InlineData("/ipfs/{root}/small.txt/more?format=car", 404)]
    [InlineData("/ipfs/{root}/../x?format=raw", 400)]
    [InlineData("/ipfs/{root}/%2e%2e%2fx?format=raw", 404)]
    [InlineData("/ipfs/bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku?format=raw", 404)]
    [InlineData("/ipfs/bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku?format=car", 404)]
    [InlineData("/ipfs/{root}?format=car&dag-scope=some", 400)]
    [InlineData("/ipfs/{root}?format=car&entity-bytes=x", 400)]
    [InlineData("/ipfs/{root}?format=car&car-version=2", 400)]
    [InlineData("/ipfs/{root}?format=car&car-order=bfs", 400)]
    [InlineData("/ipfs/{root}?format=car&car-dups=maybe", 400)]
    public async Task What_cannot_be_given_is_refused(string path, int status)
    {
        using HttpResponseMessage answer = await _registry.GetAsync(path.Replace("{root}", _dag.Root.ToString(), StringComparison.Ordinal)).IsAsync((HttpStatusCode)status);
        if (!path.Contains("..", StringComparison.Ordinal))
            Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Only_reading_is_possible()
    {
        (await _registry.DeleteAsync($"/ipfs/{_dag.Root}?format=raw").IsAsync(HttpStatusCode.MethodNotAllowed)).Dispose();
        using HttpResponseMessage options = await _registry.SendAsync(HttpMethod.Options, $"/ipfs/{_dag.Root}").IsAsync(HttpStatusCode.NoContent);
        Assert.Equal("GET, HEAD, OPTIONS", options.Header("Access-Control-Allow-Methods"));
        (await _registry.GetAsync($"/ipfs/{_dag.Root}", ("Accept", "application/vnd.ipld.dag-json")).IsAsync(HttpStatusCode.NotAcceptable)).Dispose();
        (await _registry.GetAsync("/ipfs/bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku?format=raw", ("Cache-Control", "only-if-cached")).IsAsync(HttpStatusCode.PreconditionFailed)).Dispose();
        (await _registry.GetAsync($"/ipfs/{_dag.Root}?format=raw", ("Cache-Control", "only-if-cached")).IsAsync(HttpStatusCode.OK)).Dispose();
    }

    [Fact]
    public async Task The_probe_has_no_bytes_and_needs_no_block()
    {
        using HttpResponseMessage raw = await _registry.GetAsync("/ipfs/bafkqaaa?format=raw").IsAsync(HttpStatusCode.OK);
        Assert.Empty(await raw.BytesAsync());
        (await _registry.HeadAsync("/ipfs/bafkqaaa?format=raw").IsAsync(HttpStatusCode.OK)).Dispose();
        using HttpResponseMessage car = await _registry.GetAsync("/ipfs/bafkqaaa?format=car").IsAsync(HttpStatusCode.OK);
        (IReadOnlyList<Cid> roots, List<Cid> blocks) = await CarBytes.ReadAsync(car);
        Assert.Equal(["bafkqaaa"], roots.Select(root => root.ToString()));
        Assert.Empty(blocks);
    }

    [Fact]
    public async Task A_car_has_the_whole_dag_in_the_order_of_an_export()
    {
        using HttpResponseMessage answer = await _registry.GetAsync($"/ipfs/{_dag.Root}?format=car").IsAsync(HttpStatusCode.OK);
        Assert.Equal($"{Car}; version=1; order=dfs; dups=n", answer.Header("Content-Type"));
        Assert.Equal("none", answer.Header("Accept-Ranges"));
        Assert.StartsWith($"W/\"{_dag.Root}.car.", answer.Header("ETag"), StringComparison.Ordinal);
        (IReadOnlyList<Cid> roots, List<Cid> blocks) = await CarBytes.ReadAsync(answer);
        Assert.Equal([_dag.Root], roots);
        Assert.Equal(_dag.Blocks().Select(block => block.Cid), blocks);
        (await _registry.GetAsync($"/ipfs/{_dag.Root}?format=car", ("If-None-Match", answer.Header("ETag"))).IsAsync(HttpStatusCode.NotModified)).Dispose();
        using HttpResponseMessage other = await _registry.HeadAsync($"/ipfs/{_dag.Root}?format=car&dag-scope=block").IsAsync(HttpStatusCode.OK);
        Assert.NotEqual(answer.Header("ETag"), other.Header("ETag"));
    }

    [Fact]
    public async Task Scopes_and_ranges_give_what_they_name()
    {
        Cid below = CidOf("below"), large = CidOf("below/large"), many = CidOf("many"), twice = CidOf("below/twice");
        Assert.Equal([_dag.Root, below, large], await BlocksAsync("below/large", "dag-scope=block"));
        Assert.Equal([_dag.Root, below], await BlocksAsync("below", "dag-scope=entity"));
        List<Cid> file = await BlocksAsync("below/large", "dag-scope=entity");
        Assert.Equal(await BlocksAsync("below/large", ""), file);
        Assert.Equal(2 + 11 + 3 + 1, file.Count);
        List<Cid> shards = await BlocksAsync("many", "dag-scope=entity");
        Assert.True(shards.Count > 2);
        Assert.All(shards, cid => Assert.Equal(Multicodec.DagPb, cid.Codec));
        Assert.Equal(file[..3].Concat(file[3..5]), await BlocksAsync("below/large", "entity-bytes=0:999"));
        Assert.Equal(await BlocksAsync("below/large", "entity-bytes=10000:*"), await BlocksAsync("below/large", "entity-bytes=-500:*"));
        Assert.Equal(file, await BlocksAsync("below/large", "entity-bytes=0:*"));
        Assert.Equal([_dag.Root, below, large], await BlocksAsync("below/large", "entity-bytes=20000:20001"));
        Assert.Equal([_dag.Root, below], await BlocksAsync("below", "entity-bytes=0:10"));
        Assert.Equal(4, (await BlocksAsync("below/twice", "")).Count);
        Assert.Equal(6, (await BlocksAsync("below/twice", "car-dups=y")).Count);
        Assert.Contains(twice, await BlocksAsync("below/twice", "car-dups=y"));
        Cid entry = _entries["many/entry 7"].Cid;
        List<Cid> way = await BlocksAsync("many/entry%207", "dag-scope=block");
        Assert.Equal((_dag.Root, many, entry), (way[0], way[1], way[^1]));
    }

    [Fact]
    public async Task Files_and_listings_are_for_those_who_asked_for_them()
    {
        await using TestRegistry people = await TestRegistry.StartAsync(options => options with { Deserialized = true }, content => content with { Blocks = _blocks });
        using HttpResponseMessage file = await people.GetAsync($"/ipfs/{_dag.Root}/small.txt").IsAsync(HttpStatusCode.OK);
        Assert.Equal("text/plain", file.Header("Content-Type"));
        Assert.Equal($"\"{CidOf("small.txt")}\"", file.Header("ETag"));
        Assert.StartsWith("sandbox", file.Header("Content-Security-Policy"), StringComparison.Ordinal);
        using HttpResponseMessage part = await people.GetAsync($"/ipfs/{_dag.Root}/below/large", ("Range", "bytes=1500-2499")).IsAsync(HttpStatusCode.PartialContent);
        Assert.Equal(TestContent.Bytes(1, 10_500)[1500..2500], await part.BytesAsync());
        using HttpResponseMessage moved = await people.GetAsync($"/ipfs/{_dag.Root}/below").IsAsync(HttpStatusCode.MovedPermanently);
        Assert.Equal($"/ipfs/{_dag.Root}/below/", moved.Header("Location"));
        using HttpResponseMessage listing = await people.GetAsync($"/ipfs/{_dag.Root}/below/").IsAsync(HttpStatusCode.OK);
        Assert.Contains("./large", await listing.Content.ReadAsStringAsync(TestRegistry.Cancellation), StringComparison.Ordinal);
        (await people.GetAsync($"/ipfs/{_dag.Root}/absent").IsAsync(HttpStatusCode.NotFound)).Dispose();
        (await people.GetAsync($"/ipfs/{_dag.Root}?format=raw").IsAsync(HttpStatusCode.OK)).Dispose();
    }

    [Fact]
    public async Task A_block_of_a_car_is_framed_once()
    {
        byte[] block = TestContent.Bytes(2, 100_000);
        await _registry.PushBlobAsync("a", block);
        Cid cid = Cid.Create(1, Multicodec.Raw, Multihash.OfContent(MultihashCode.Sha256, block));
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, _registry.Server.Address.Port, TestRegistry.Cancellation);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /ipfs/{cid}?format=car HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"), TestRegistry.Cancellation);
        using MemoryStream answer = new();
        await client.GetStream().CopyToAsync(answer, TestRegistry.Cancellation);
        string text = Encoding.Latin1.GetString(answer.ToArray());
        int body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        List<int> chunks = [];
        for (int length = -1; length != 0; body += length + 2)
        {
            int line = text.IndexOf("\r\n", body, StringComparison.Ordinal);
            length = int.Parse(text[body..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            chunks.Add(length);
            body = line + 2;
        }
        Assert.Equal(text.Length, body);
        Assert.Single(chunks, length => length > block.Length);
        Assert.True(chunks.Count <= 3, $"{string.Join(' ', chunks)}: the header, the block, the end");
    }

    private Cid CidOf(string path) => _entries[path].Cid;

    private async Task<List<Cid>> BlocksAsync(string path, string query)
    {
        using HttpResponseMessage answer = await _registry.GetAsync($"/ipfs/{_dag.Root}/{path}?format=car&{query}").IsAsync(HttpStatusCode.OK);
        return (await CarBytes.ReadAsync(answer)).Blocks;
    }
}
