using Ipdr.Oci.Car;
using Ipdr.Oci.Destinations.Dags;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Gateways.Kubo;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Tests.Gateways;
using Ipdr.Oci.Tests.UnixFs.Reading;
using Microsoft.AspNetCore.Http;

namespace Ipdr.Oci.Tests.Destinations;

public sealed class DagDeliveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_block_is_read_once_for_all_destinations()
    {
        SampleFile file = await SampleFile.CreateAsync();
        Collector first = new(), second = new();
        // Describing it reads the top once more.
        IReadOnlyList<DagDelivered> results = await DagDelivery.DeliverAsync(file.Root, file.Blocks, "file", [first, second], cancellationToken: Token);
        Assert.All(results, result => Assert.Null(result.Failure));
        Assert.Equal(file.Blocks.Blocks.Count() + 1, file.Blocks.Reads);
        Assert.Equal(file.Blocks.Blocks.Count(), first.Received.Count);
        Assert.Equal(first.Received, second.Received);
        Assert.Equal(file.Root, first.Received[0]);
    }

    [Fact]
    public async Task A_destination_that_fails_does_not_stop_the_others()
    {
        SampleFile file = await SampleFile.CreateAsync();
        Collector good = new(), bad = new() { FailsAfter = 3 };
        IReadOnlyList<DagDelivered> results = await DagDelivery.DeliverAsync(file.Root, file.Blocks, null, [bad, good], cancellationToken: Token);
        Assert.NotNull(results[0].Failure);
        Assert.Null(results[1].Failure);
        Assert.Equal(file.Blocks.Blocks.Count(), good.Received.Count);
    }

    [Fact]
    public async Task What_a_destination_has_is_not_sent_there_and_is_sent_elsewhere()
    {
        BlockBag bag = new();
        Cid one = bag.AddRaw(1), two = bag.AddRaw(2);
        Cid file = bag.AddNode(Node.File((one, 1), (two, 1)));
        Cid other = bag.AddRaw(3);
        Cid root = bag.AddNode(Node.Directory(("file", file), ("other", other), ("same", file)));
        Collector knowing = new() { Present = [file] }, blank = new();
        await DagDelivery.DeliverAsync(root, bag, null, [knowing, blank], cancellationToken: Token);
        Assert.Equal([root, other], knowing.Received);
        Assert.Equal([root, file, one, two, other], blank.Received);
    }

    [Fact]
    public async Task A_block_that_is_missing_here_is_told_and_nobody_ends_well()
    {
        SampleFile file = await SampleFile.CreateAsync();
        Cid lost = Cid.Create(1, Multicodec.Raw, Multihash.OfContent(MultihashCode.Sha256, file.Content.AsSpan(4096, 4096)));
        file.Blocks.Remove(lost);
        Collector collector = new();
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => DagDelivery.DeliverAsync(file.Root, file.Blocks, null, [collector], cancellationToken: Token));
        Assert.Equal(FaultCode.MissingBlock, e.Fault.Code);
        Assert.Contains(lost.ToString(), e.Message, StringComparison.Ordinal);
        Assert.False(collector.IsDone);
    }

    [Fact]
    public async Task A_car_has_all_of_it_in_order()
    {
        SampleFile file = await SampleFile.CreateAsync();
        await using CarDestination car = CarDestination.ToFile(_folder.File("out/image.car"));
        await DagDelivery.DeliverAsync(file.Root, file.Blocks, null, [car], cancellationToken: Token);
        CarReport report = await CarVerifier.VerifyAsync(_folder.File("out/image.car"), cancellationToken: Token);
        Assert.Empty(report.Faults);
        Assert.Equal([file.Root], report.Header!.Roots);
        Assert.Equal(["image.car"], Directory.EnumerateFileSystemEntries(_folder.File("out")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_daemon_gets_and_pins_it_and_the_next_time_nothing_is_sent()
    {
        SampleFile file = await SampleFile.CreateAsync();
        FakeKubo kubo = new() { Token = "open sesame" };
        await using ServiceServer server = await ServiceServer.StartAsync(kubo.AnswerAsync);
        DagDelivered first = await DeliverAsync(file, server, "open sesame"), second = await DeliverAsync(file, server, "open sesame");
        Assert.Null(first.Failure);
        Assert.Equal([file.Root], kubo.Pins);
        Assert.Equal(file.Blocks.Blocks.Count(), kubo.Received.Count);
        Assert.Equal((null, 0), (second.Failure, second.Blocks));
    }

    [Fact]
    public async Task Only_what_a_daemon_lacks_is_sent()
    {
        BlockBag bag = new();
        Cid one = bag.AddRaw(1), two = bag.AddRaw(2), file = bag.AddNode(Node.File((one, 1), (two, 1)));
        Cid three = bag.AddRaw(3), half = bag.AddNode(Node.File((one, 1), (three, 1)));
        Cid root = bag.AddNode(Node.Directory(("file", file), ("half", half)));
        FakeKubo kubo = new();
        foreach ((Cid cid, byte[] bytes) in bag.Sections.Where(section => section.Cid != root && section.Cid != three))
            kubo.Blocks.Add(cid, bytes);
        await using ServiceServer server = await ServiceServer.StartAsync(kubo.AnswerAsync);
        await using KuboDestination destination = new(new KuboClient(KuboAddress.Parse(server.Address.ToString())));
        IReadOnlyList<DagDelivered> results = await DagDelivery.DeliverAsync(root, bag, null, [destination], cancellationToken: Token);
        Assert.Null(results[0].Failure);
        Assert.Equal([root, half, one, three], kubo.Received);
    }

    [Fact]
    public async Task A_daemon_that_knows_no_cars_gets_blocks()
    {
        SampleFile file = await SampleFile.CreateAsync(20_000);
        FakeKubo kubo = new() { KnowsCars = false };
        await using ServiceServer server = await ServiceServer.StartAsync(kubo.AnswerAsync);
        DagDelivered result = await DeliverAsync(file, server);
        Assert.Null(result.Failure);
        Assert.Equal([file.Root], kubo.Pins);
        Assert.Equal(file.Blocks.Blocks.Count(), kubo.Received.Count);
    }

    [Fact]
    public async Task A_daemon_may_take_longer_to_pin_than_to_answer()
    {
        SampleFile file = await SampleFile.CreateAsync(20_000);
        FakeKubo kubo = new() { KnowsCars = false, PinTime = TimeSpan.FromSeconds(1.5) };
        await using ServiceServer server = await ServiceServer.StartAsync(kubo.AnswerAsync);
        await using KuboDestination destination = new(new KuboClient(KuboAddress.Parse(server.Address.ToString()), options: new SourceOptions { Patience = TimeSpan.FromSeconds(1) }));
        Assert.Null((await DagDelivery.DeliverAsync(file.Root, file.Blocks, null, [destination], cancellationToken: Token))[0].Failure);
        Assert.Equal([file.Root], kubo.Pins);
    }

    [Fact]
    public async Task A_pin_of_something_else_does_not_count()
    {
        SampleFile file = await SampleFile.CreateAsync(20_000), other = await SampleFile.CreateAsync(20_001);
        await using ServiceServer server = await ServiceServer.StartAsync(context => context.Response.WriteAsync($$"""{"Keys":{"{{other.Root}}":{"Type":"recursive"} } }"""));
        using KuboClient client = new(KuboAddress.Parse(server.Address.ToString()));
        Assert.False(await client.IsPinnedAsync(file.Root, TestContext.Current.CancellationToken));
        Assert.True(await client.IsPinnedAsync(other.Root, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_daemon_that_hangs_up_is_not_said_to_be_out_of_reach()
    {
        SampleFile file = await SampleFile.CreateAsync(20_000);
        await using LoopbackListener listener = new(async stream => await stream.ReadExactlyAsync(new byte[2000], TestContext.Current.CancellationToken));
        using KuboClient client = new(KuboAddress.Parse($"127.0.0.1:{listener.Port}"));
        IpdrException e = await Assert.ThrowsAsync<SourceException>(() => client.ImportAsync(file.Root, PiecesAsync(file), TestContext.Current.CancellationToken));
        Assert.Equal(FaultCode.SourceStalled, e.Fault.Code);

        static async IAsyncEnumerable<DagPiece> PiecesAsync(SampleFile file)
        {
            await Task.Yield();
            for (int i = 0; i < 100; i++)
                yield return new DagPiece(file.Root, new byte[1 << 20]);
        }
    }

    [Fact]
    public async Task A_daemon_behind_a_unix_socket_is_reached()
    {
        SampleFile file = await SampleFile.CreateAsync(20_000);
        FakeKubo kubo = new();
        await using ServiceServer server = await ServiceServer.StartAsync(kubo.AnswerAsync, _folder.File("api.sock"));
        await using KuboDestination destination = new(new KuboClient(KuboAddress.Parse($"/unix{_folder.File("api.sock")}")));
        IReadOnlyList<DagDelivered> results = await DagDelivery.DeliverAsync(file.Root, file.Blocks, null, [destination], cancellationToken: Token);
        Assert.Null(results[0].Failure);
        Assert.Equal([file.Root], kubo.Pins);
    }

    [Fact]
    public async Task A_pin_that_fails_is_a_failure_whatever_the_status_says()
    {
        DagDelivered result = await DeliverToAsync(new FakeKubo { PinError = "block was not found" });
        Assert.Equal(FaultCode.DestinationRefuses, result.Failure!.Fault.Code);
        Assert.Contains("block was not found", result.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_root_than_ours_is_a_failure()
    {
        DagDelivered result = await DeliverToAsync(new FakeKubo { WrongRoot = new BlockBag().AddRaw(7) });
        Assert.Equal(FaultCode.CidMismatch, result.Failure!.Fault.Code);
    }

    [Fact]
    public async Task A_daemon_that_wants_a_token_says_so()
    {
        DagDelivered result = await DeliverToAsync(new FakeKubo { Token = "secret" });
        Assert.Contains("403", result.Failure!.Message, StringComparison.Ordinal);
    }

    private static async Task<DagDelivered> DeliverToAsync(FakeKubo kubo)
    {
        await using ServiceServer server = await ServiceServer.StartAsync(kubo.AnswerAsync);
        return await DeliverAsync(await SampleFile.CreateAsync(20_000), server);
    }

    private static async Task<DagDelivered> DeliverAsync(SampleFile file, ServiceServer server, string? token = null)
    {
        await using KuboDestination destination = new(new KuboClient(KuboAddress.Parse(server.Address.ToString()), token));
        return (await DagDelivery.DeliverAsync(file.Root, file.Blocks, "file", [destination], cancellationToken: Token))[0];
    }

    /// <summary>The whole of a new kind of destination.</summary>
    private sealed class Collector : IDagDestination
    {
        public List<Cid> Received { get; } = [];

        public HashSet<Cid> Present { get; init; } = [];

        public int FailsAfter { get; init; } = int.MaxValue;

        public bool IsDone { get; private set; }

        public string Name => "collector";

        public Task<IReadOnlySet<Cid>> FindPresentAsync(DagOffer offer, CancellationToken cancellationToken) => Task.FromResult<IReadOnlySet<Cid>>(Present);

        public async Task ReceiveAsync(DagOffer offer, IAsyncEnumerable<DagPiece> blocks, CancellationToken cancellationToken)
        {
            await foreach (DagPiece block in blocks.WithCancellation(cancellationToken))
            {
                Assert.True(block.Cid.Hash.Matches(block.Bytes.Span));
                Received.Add(block.Cid);
                if (Received.Count > FailsAfter)
                    throw new IpdrException(new Fault(FaultCode.DiskFull, "no more room", Name));
            }
            IsDone = true;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
