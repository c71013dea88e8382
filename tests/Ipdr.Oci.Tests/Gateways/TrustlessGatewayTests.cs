using System.Buffers;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Tests.UnixFs.Reading;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Gateways;

public sealed class TrustlessGatewayTests
{
    // Long enough for a machine under load, short enough to wait for.
    private static readonly SourceOptions Impatient = new() { Patience = TimeSpan.FromSeconds(1) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_block_comes_as_it_is()
    {
        BlockBag bag = new();
        Cid cid = bag.AddRaw([1, 2, 3]);
        await using GatewayServer server = GatewayServer.Start(bag);
        using TrustlessGateway gateway = new(server.Address);

        using IMemoryOwner<byte>? block = await gateway.TryReadAsync(cid, Token);

        Assert.Equal([1, 2, 3], block!.Memory.ToArray());
        Assert.Equal([$"/ipfs/{cid}?format=raw"], server.Paths);
    }

    [Fact]
    public async Task A_block_that_is_not_there_is_null()
    {
        await using GatewayServer server = GatewayServer.Start(new BlockBag());
        using TrustlessGateway gateway = new(server.Address);
        Assert.Null(await gateway.TryReadAsync(new BlockBag().AddRaw(1), Token));
    }

    [Fact]
    public async Task A_gateway_answers_the_probe()
    {
        await using GatewayServer server = GatewayServer.Start(new BlockBag());
        using TrustlessGateway gateway = new(server.Address);
        await gateway.ProbeAsync(Token);
    }

    [Theory]
    [InlineData(Misdeed.WrongBytes, SourceFailure.Misbehaves, FaultCode.DigestMismatch)]
    [InlineData(Misdeed.Html, SourceFailure.Misbehaves, FaultCode.SourceMisbehaves)]
    [InlineData(Misdeed.WrongType, SourceFailure.Misbehaves, FaultCode.SourceMisbehaves)]
    [InlineData(Misdeed.TooLarge, SourceFailure.Misbehaves, FaultCode.Limit)]
    [InlineData(Misdeed.Endless, SourceFailure.Misbehaves, FaultCode.Limit)]
    [InlineData(Misdeed.RedirectForEver, SourceFailure.Misbehaves, FaultCode.SourceMisbehaves)]
    [InlineData(Misdeed.RedirectToFile, SourceFailure.Misbehaves, FaultCode.SourceMisbehaves)]
    [InlineData(Misdeed.RedirectToNowhere, SourceFailure.Misbehaves, FaultCode.SourceMisbehaves)]
    [InlineData(Misdeed.EarlyClose, SourceFailure.Stalled, FaultCode.SourceStalled)]
    [InlineData(Misdeed.CloseAtOnce, SourceFailure.Stalled, FaultCode.SourceStalled)]
    [InlineData(Misdeed.Stall, SourceFailure.Stalled, FaultCode.SourceStalled)]
    [InlineData(Misdeed.Trickle, SourceFailure.Stalled, FaultCode.SourceStalled)]
    [InlineData(Misdeed.ServerError, SourceFailure.Unreachable, FaultCode.SourceUnreachable)]
    [InlineData(Misdeed.ThrottleTwice, SourceFailure.Throttles, FaultCode.SourceThrottles)]
    public async Task What_is_no_block_is_told_for_what_it_is(Misdeed misdeed, SourceFailure failure, FaultCode code)
    {
        BlockBag bag = new();
        Cid cid = bag.AddRaw(new byte[10_000]);
        await using GatewayServer server = GatewayServer.Start(bag, misdeed);
        using TrustlessGateway gateway = new(server.Address, Impatient);

        SourceException e = await Assert.ThrowsAsync<SourceException>(() => gateway.TryReadAsync(cid, Token).AsTask());

        Assert.Equal((failure, code), (e.Failure, e.Fault.Code));
        Assert.StartsWith(gateway.Name, e.Fault.Where, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task A_request_to_come_back_later_tells_when()
    {
        BlockBag bag = new();
        await using GatewayServer server = GatewayServer.Start(bag, Misdeed.ThrottleForAnHour);
        using TrustlessGateway gateway = new(server.Address);
        SourceException e = await Assert.ThrowsAsync<SourceException>(() => gateway.TryReadAsync(bag.AddRaw(1), Token).AsTask());
        Assert.Equal(TimeSpan.FromHours(1), e.RetryAfter);
    }

    [Fact]
    public async Task A_redirect_is_followed()
    {
        BlockBag bag = new();
        Cid cid = bag.AddRaw(1, 2);
        await using GatewayServer server = GatewayServer.Start(bag, Misdeed.RedirectOnce);
        using TrustlessGateway gateway = new(server.Address);
        using IMemoryOwner<byte>? block = await gateway.TryReadAsync(cid, Token);
        Assert.Equal([1, 2], block!.Memory.ToArray());
    }

    [Fact]
    public async Task Where_nobody_listens_is_told()
    {
        Uri address;
        await using (GatewayServer server = GatewayServer.Start(new BlockBag()))
            address = server.Address;
        using TrustlessGateway gateway = new(address);
        SourceException e = await Assert.ThrowsAsync<SourceException>(() => gateway.ProbeAsync(Token));
        Assert.Equal(SourceFailure.Unreachable, e.Failure);
    }

    [Fact]
    public async Task Waiting_ends_when_the_caller_gives_up()
    {
        BlockBag bag = new();
        await using GatewayServer server = GatewayServer.Start(bag, Misdeed.Stall);
        using TrustlessGateway gateway = new(server.Address);
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gateway.TryReadAsync(bag.AddRaw(1), stop.Token).AsTask());
    }

    [Fact]
    public async Task A_password_is_sent_and_not_shown()
    {
        using TrustlessGateway gateway = new(new Uri("https://user:secret@gateway.example/base?token=secret"));
        Assert.Equal("https://gateway.example/base", gateway.Name);
    }

    [Theory]
    [InlineData(Misdeed.None)]
    [InlineData(Misdeed.CarWrongOrder)]
    [InlineData(Misdeed.CarExtraBlocks)]
    public async Task All_blocks_of_a_car_come_checked(Misdeed misdeed)
    {
        SampleFile file = await SampleFile.CreateAsync(20_000);
        await using GatewayServer server = GatewayServer.Start(file.Blocks, misdeed, CarAnswer.MakeAsync);
        using TrustlessGateway gateway = new(server.Address);

        BlockBag received = new();
        await foreach (FetchedBlock block in gateway.ReadCarAsync(ContentPath.Of(file.Root), DagScope.All, Token))
        {
            using IMemoryOwner<byte> bytes = block.Bytes;
            received.Add(block.Cid.Codec, bytes.Memory.ToArray());
        }

        await using Stream read = await new DagReader(received).OpenFileAsync(ContentPath.Of(file.Root), Token);
        using MemoryStream content = new();
        await read.CopyToAsync(content, Token);
        Assert.Equal(file.Content, content.ToArray());
        Assert.Equal([$"/ipfs/{file.Root}?format=car&dag-scope=all"], server.Paths);
    }

    [Theory]
    [InlineData(Misdeed.CarLies, SourceFailure.Misbehaves)]
    [InlineData(Misdeed.CarIsNone, SourceFailure.Misbehaves)]
    [InlineData(Misdeed.CarCut, SourceFailure.Stalled)]
    [InlineData(Misdeed.CarErrorBehind, SourceFailure.Stalled)]
    [InlineData(Misdeed.Html, SourceFailure.Misbehaves)]
    public async Task A_broken_car_is_told_for_what_it_is(Misdeed misdeed, SourceFailure failure)
    {
        SampleFile file = await SampleFile.CreateAsync(20_000);
        await using GatewayServer server = GatewayServer.Start(file.Blocks, misdeed, CarAnswer.MakeAsync);
        using TrustlessGateway gateway = new(server.Address);

        SourceException e = await Assert.ThrowsAsync<SourceException>(async () =>
        {
            await foreach (FetchedBlock block in gateway.ReadCarAsync(ContentPath.Of(file.Root), DagScope.Entity, Token))
                block.Bytes.Dispose();
        });
        Assert.Equal(failure, e.Failure);
    }
}
