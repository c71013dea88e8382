using Ipdr.Oci.Gateways;
using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Gateways;

/// <summary>Files whose blocks come in CARs.</summary>
public sealed class FileRunTests
{
    private const int Length = 2_000_000;
    private static readonly SourceOptions Impatient = new() { Patience = TimeSpan.FromSeconds(2) };
    private static readonly BlockPoolOptions Quick = new() { Overtake = TimeSpan.FromMilliseconds(300), ReadAheadBytes = 400_000 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1000)]
    [InlineData(16)]
    public async Task Many_blocks_come_in_one_answer(int links)
    {
        SampleFile file = await SampleFile.CreateAsync(Length, links: links);
        await using GatewayServer server = Start(file, Misdeed.None);
        RecordingPoolObserver observer = new();
        await using BlockPool pool = Pool(observer, server);
        Assert.Equal(file.Content, await ReadAsync(pool, file.Root));
        Assert.InRange(server.Requests, 2, pool.Sources[0].Blocks * 2 / 3);
        Assert.Empty(observer.DroppedSources);
    }

    [Fact]
    public async Task Runs_are_spread_over_the_sources()
    {
        SampleFile file = await SampleFile.CreateAsync(Length, links: 1000);
        // Both take their time, so that there is more to ask for while the first one is at it. Who turns out to be faster is asked for most of the rest.
        TimeSpan delay = TimeSpan.FromMilliseconds(30);
        await using GatewayServer a = GatewayServer.Start(file.Blocks, Misdeed.None, CarAnswer.MakeAsync, delay);
        await using GatewayServer b = GatewayServer.Start(file.Blocks, Misdeed.None, CarAnswer.MakeAsync, delay);
        await using BlockPool pool = Pool(new RecordingPoolObserver(), a, b);
        Assert.Equal(file.Content, await ReadAsync(pool, file.Root));
        Assert.All(new[] { a, b }, server => Assert.NotEqual(0, Cars(server)));
        Assert.True(Cars(a) + Cars(b) > 2);
    }

    [Theory]
    [InlineData(Misdeed.CarWrongOrder)]
    [InlineData(Misdeed.CarExtraBlocks)]
    [InlineData(Misdeed.CarMissingBlocks)]
    [InlineData(Misdeed.CarCut)]
    [InlineData(Misdeed.CarLies)]
    [InlineData(Misdeed.CarIsNone)]
    [InlineData(Misdeed.CarHtml)]
    [InlineData(Misdeed.CarTrickle)]
    public async Task Who_gives_bad_CARs_is_named_and_left_out(Misdeed misdeed)
    {
        SampleFile file = await SampleFile.CreateAsync(Length, links: 1000);
        // The good one is the slower one, so the other is asked often enough to be found out.
        await using GatewayServer bad = Start(file, misdeed), good = GatewayServer.Start(file.Blocks, Misdeed.None, CarAnswer.MakeAsync, TimeSpan.FromMilliseconds(30));
        RecordingPoolObserver observer = new();
        await using BlockPool pool = Pool(observer, bad, good);
        Assert.Equal(file.Content, await ReadAsync(pool, file.Root));
        Assert.Equal([bad.Address.ToString().TrimEnd('/')], observer.DroppedSources.Keys);
        Assert.Null(pool.Sources[1].Dropped);
    }

    [Theory]
    [InlineData(Misdeed.CarMissingBlocks)]
    [InlineData(Misdeed.CarCut)]
    [InlineData(Misdeed.CarErrorBehind)]
    [InlineData(Misdeed.CarOfAll)]
    [InlineData(Misdeed.CarUnordered)]
    public async Task Who_cannot_give_CARs_gives_blocks(Misdeed misdeed)
    {
        SampleFile file = await SampleFile.CreateAsync(500_000, links: 1000);
        await using GatewayServer server = Start(file, misdeed);
        RecordingPoolObserver observer = new();
        await using BlockPool pool = Pool(observer, server);
        Assert.Equal(file.Content, await ReadAsync(pool, file.Root));
        Assert.Empty(observer.DroppedSources);
        Assert.InRange(Cars(server), 1, 3);
    }

    [Fact]
    public async Task A_pool_can_be_left_in_the_middle_of_a_CAR()
    {
        SampleFile file = await SampleFile.CreateAsync(Length, links: 1000);
        await using GatewayServer server = Start(file, Misdeed.CarTrickle);
        BlockPool pool = Pool(new RecordingPoolObserver(), server);
        Stream stream = await new DagReader(pool).OpenFileAsync(ContentPath.Of(file.Root), Token);
        await stream.ReadExactlyAsync(new byte[4096], Token);
        await pool.DisposeAsync();
        await stream.DisposeAsync();
    }

    [Fact]
    public async Task Content_that_repeats_itself_is_read_whole()
    {
        SampleFile file = await SampleFile.CreateAsync(Length, links: 1000, period: 20_000);
        await using GatewayServer server = Start(file, Misdeed.None);
        RecordingPoolObserver observer = new();
        await using BlockPool pool = Pool(observer, server);
        Assert.Equal(file.Content, await ReadAsync(pool, file.Root));
        Assert.Empty(observer.DroppedSources);
    }

    private static int Cars(GatewayServer server) => server.Paths.Count(path => path.Contains("format=car", StringComparison.Ordinal));

    private static GatewayServer Start(SampleFile file, Misdeed misdeed) => GatewayServer.Start(file.Blocks, misdeed, CarAnswer.MakeAsync);

    private static BlockPool Pool(RecordingPoolObserver observer, params GatewayServer[] servers) =>
        new(servers.Select(server => PooledSource.Of(new TrustlessGateway(server.Address, Impatient))), Quick, observer);

    private static async Task<byte[]> ReadAsync(BlockPool pool, Cid root)
    {
        await using Stream stream = await new DagReader(pool).OpenFileAsync(ContentPath.Of(root), Token);
        using MemoryStream content = new();
        await stream.CopyToAsync(content, Token);
        return content.ToArray();
    }
}
