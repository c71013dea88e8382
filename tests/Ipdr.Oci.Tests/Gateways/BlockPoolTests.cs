using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Tests.UnixFs.Reading;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Gateways;

public sealed class BlockPoolTests
{
    private static readonly SourceOptions Impatient = new() { Patience = TimeSpan.FromSeconds(2) };
    private static readonly BlockPoolOptions Quick = new() { Overtake = TimeSpan.FromMilliseconds(300) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Blocks_are_spread_over_the_sources()
    {
        SampleFile file = await SampleFile.CreateAsync(1_000_000);
        // As slow as one another, by more than the work of this machine can make a difference.
        TimeSpan delay = TimeSpan.FromMilliseconds(10);
        await using GatewayServer a = GatewayServer.Start(file.Blocks, delay), b = GatewayServer.Start(file.Blocks, delay), c = GatewayServer.Start(file.Blocks, delay);
        await using BlockPool pool = Pool(new RecordingPoolObserver(), a, b, c);

        Assert.Equal(file.Content, await ReadAsync(pool, file.Root));

        Assert.All(pool.Sources, source => Assert.True(source.Blocks > 10, $"{source.Name} gave {source.Blocks} blocks"));
        Assert.Equal(new[] { a, b, c }.Sum(server => server.Paths.Count(path => path.Contains("format=raw", StringComparison.Ordinal))), pool.Sources.Sum(source => source.Blocks));
    }

    [Theory]
    [InlineData(Misdeed.WrongBytes, Misdeed.Html)]
    [InlineData(Misdeed.EarlyClose, Misdeed.ServerError)]
    [InlineData(Misdeed.Stall, Misdeed.Trickle)]
    [InlineData(Misdeed.TooLarge, Misdeed.CloseAtOnce)]
    [InlineData(Misdeed.ThrottleForEver, Misdeed.ThrottleForAnHour)]
    [InlineData(Misdeed.RedirectForEver, Misdeed.RedirectToFile)]
    [InlineData(Misdeed.Endless, Misdeed.WrongType)]
    public async Task Two_of_three_may_misbehave_and_are_named(Misdeed first, Misdeed second)
    {
        SampleFile file = await SampleFile.CreateAsync();
        await using GatewayServer bad = GatewayServer.Start(file.Blocks, first), worse = GatewayServer.Start(file.Blocks, second), good = GatewayServer.Start(file.Blocks);
        RecordingPoolObserver observer = new();
        await using BlockPool pool = Pool(observer, bad, worse, good);

        Assert.Equal(file.Content, await ReadAsync(pool, file.Root));

        Assert.Equal(new[] { Name(bad), Name(worse) }.Order(), observer.DroppedSources.Keys.Order());
        Assert.Equal([0, 0], pool.Sources.Take(2).Select(source => source.Blocks));
        Assert.Null(pool.Sources[2].Dropped);
    }

    [Fact]
    public async Task A_wrong_block_is_the_last_that_is_asked_of_a_source()
    {
        SampleFile file = await SampleFile.CreateAsync();
        await using GatewayServer liar = GatewayServer.Start(file.Blocks, Misdeed.WrongBytes), good = GatewayServer.Start(file.Blocks);
        RecordingPoolObserver observer = new();
        await using BlockPool pool = Pool(observer, liar, good);
        _ = await ReadAsync(pool, file.Root);
        Assert.Equal(1, liar.Requests);
        Assert.Equal(FaultCode.DigestMismatch, observer.DroppedSources[Name(liar)].Code);
    }

    [Fact]
    public async Task A_source_that_asks_for_time_gets_it()
    {
        SampleFile file = await SampleFile.CreateAsync(3000);
        await using GatewayServer server = GatewayServer.Start(file.Blocks, Misdeed.ThrottleTwice);
        RecordingPoolObserver observer = new();
        await using BlockPool pool = Pool(observer, server);
        Assert.Equal(file.Content, await ReadAsync(pool, file.Root));
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)], observer.Waits.Select(wait => wait.Delay));
        Assert.Empty(observer.DroppedSources);
    }

    [Fact]
    public async Task What_one_source_lacks_another_may_have()
    {
        SampleFile file = await SampleFile.CreateAsync();
        await using GatewayServer empty = GatewayServer.Start(new BlockBag()), full = GatewayServer.Start(file.Blocks);
        RecordingPoolObserver observer = new();
        await using BlockPool pool = Pool(observer, empty, full);
        Assert.Equal(file.Content, await ReadAsync(pool, file.Root));
        Assert.Empty(observer.DroppedSources);
    }

    [Fact]
    public async Task A_block_that_all_lack_is_missing()
    {
        SampleFile file = await SampleFile.CreateAsync();
        await using GatewayServer a = GatewayServer.Start(new BlockBag()), b = GatewayServer.Start(new BlockBag());
        await using BlockPool pool = Pool(new RecordingPoolObserver(), a, b);
        Assert.Null(await pool.TryReadAsync(file.Root, Token));
        Assert.Equal([1, 1], [a.Requests, b.Requests]);
    }

    [Fact]
    public async Task When_nobody_is_left_the_message_says_who_did_what()
    {
        SampleFile file = await SampleFile.CreateAsync();
        await using GatewayServer liar = GatewayServer.Start(file.Blocks, Misdeed.WrongBytes), broken = GatewayServer.Start(file.Blocks, Misdeed.ServerError);
        await using BlockPool pool = Pool(new RecordingPoolObserver(), liar, broken);
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => pool.TryReadAsync(file.Root, Token).AsTask());
        Assert.Equal(FaultCode.SourcesFailed, e.Fault.Code);
        Assert.Contains(Name(liar), e.Message, StringComparison.Ordinal);
        Assert.Contains(Name(broken), e.Message, StringComparison.Ordinal);
        Assert.Contains(file.Root.ToString(), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_did_not_find_a_block_in_time_does_not_say_that_it_is_nowhere()
    {
        SampleFile file = await SampleFile.CreateAsync();
        await using GatewayServer slow = GatewayServer.Start(file.Blocks, Misdeed.NotInTime), empty = GatewayServer.Start(new BlockBag());
        await using BlockPool pool = Pool(new RecordingPoolObserver(), slow, empty);
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => pool.TryReadAsync(file.Root, Token).AsTask());
        Assert.Equal(FaultCode.SourcesFailed, e.Fault.Code);
        Assert.Contains(Name(slow), e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Name(empty), e.Message, StringComparison.Ordinal);
        Assert.Equal([1, 1], [slow.Requests, empty.Requests]);
        Assert.All(pool.Sources, source => Assert.Null(source.Dropped));
    }

    [Fact]
    public async Task A_source_that_dies_in_the_middle_does_not_stop_the_others()
    {
        SampleFile file = await SampleFile.CreateAsync(1_000_000);
        await using GatewayServer steady = GatewayServer.Start(file.Blocks, TimeSpan.FromMilliseconds(5));
        GatewayServer mortal = GatewayServer.Start(file.Blocks);
        await using BlockPool pool = Pool(new RecordingPoolObserver(), steady, mortal);
        await using Stream stream = await new DagReader(pool).OpenFileAsync(ContentPath.Of(file.Root), Token);
        byte[] content = new byte[file.Content.Length];
        await stream.ReadExactlyAsync(content.AsMemory(0, 100_000), Token);
        await mortal.DisposeAsync();
        await stream.ReadExactlyAsync(content.AsMemory(100_000), Token);
        Assert.Equal(file.Content, content);
    }

    [Fact]
    public async Task More_sources_are_looked_for_when_those_at_hand_lack_a_block()
    {
        SampleFile file = await SampleFile.CreateAsync(3000);
        await using GatewayServer empty = GatewayServer.Start(new BlockBag()), found = GatewayServer.Start(file.Blocks);
        List<Cid> asked = [];
        BlockPoolOptions options = Quick with
        {
            FindMore = (cid, _) =>
            {
                asked.Add(cid);
                return ValueTask.FromResult<IReadOnlyList<PooledSource>>([PooledSource.Of(new TrustlessGateway(found.Address))]);
            },
        };
        await using BlockPool pool = new([PooledSource.Of(new TrustlessGateway(empty.Address))], options);
        Assert.Equal(file.Content, await ReadAsync(pool, file.Root));
        Assert.Equal([file.Root], asked);
    }

    [Fact]
    public async Task What_is_fetched_ahead_stays_within_its_bound()
    {
        SampleFile file = await SampleFile.CreateAsync(2_000_000, chunk: 10_000, links: 1000);
        await using GatewayServer server = GatewayServer.Start(file.Blocks);
        await using BlockPool pool = new([PooledSource.Of(new TrustlessGateway(server.Address))], Quick with { ReadAheadBytes = 100_000 });
        await using Stream stream = await new DagReader(pool).OpenFileAsync(ContentPath.Of(file.Root), Token);
        byte[] start = new byte[5000];
        await stream.ReadExactlyAsync(start, Token);
        // The top, the first part, and what may lie ahead; the last of those may reach over the bound.
        await Task.Delay(500, Token);
        Assert.InRange(server.Requests, 2 + 5, 2 + 11);
    }

    [Fact]
    public async Task Looking_at_the_top_of_a_file_fetches_nothing_else()
    {
        SampleFile file = await SampleFile.CreateAsync();
        await using GatewayServer server = GatewayServer.Start(file.Blocks);
        await using BlockPool pool = Pool(new RecordingPoolObserver(), server);
        _ = await new DagReader(pool).GetAsync(ContentPath.Of(file.Root), Token);
        await Task.Delay(200, Token);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task Many_files_may_be_read_at_the_same_time()
    {
        SampleFile[] files = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => SampleFile.CreateAsync(100_000 + (i * 777), chunk: 1024)));
        BlockBag all = new();
        foreach (SampleFile file in files)
            all.TakeFrom(file.Blocks);
        await using GatewayServer a = GatewayServer.Start(all), b = GatewayServer.Start(all);
        await using BlockPool pool = Pool(new RecordingPoolObserver(), a, b);
        byte[][] contents = await Task.WhenAll(files.Select(file => ReadAsync(pool, file.Root)));
        Assert.Equal(files.Select(file => file.Content), contents);
    }

    [Fact]
    public async Task A_pool_can_be_left_in_the_middle()
    {
        SampleFile file = await SampleFile.CreateAsync(1_000_000);
        await using GatewayServer server = GatewayServer.Start(file.Blocks, TimeSpan.FromMilliseconds(20));
        BlockPool pool = Pool(new RecordingPoolObserver(), server);
        Stream stream = await new DagReader(pool).OpenFileAsync(ContentPath.Of(file.Root), Token);
        await stream.ReadExactlyAsync(new byte[10_000], Token);
        await pool.DisposeAsync();
        await stream.DisposeAsync();
    }

    private static BlockPool Pool(IPoolObserver observer, params GatewayServer[] servers) =>
        new(servers.Select(server => PooledSource.Of(new TrustlessGateway(server.Address, Impatient))), Quick, observer);

    private static string Name(GatewayServer server) => server.Address.ToString().TrimEnd('/');

    private static async Task<byte[]> ReadAsync(BlockPool pool, Cid root)
    {
        await using Stream stream = await new DagReader(pool).OpenFileAsync(ContentPath.Of(root), Token);
        using MemoryStream content = new();
        await stream.CopyToAsync(content, Token);
        return content.ToArray();
    }
}
