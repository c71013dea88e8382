using Ipdr.Oci.Gateways;

namespace Ipdr.Oci.Tests.Gateways;

public sealed class PacedStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task A_reader_may_take_its_time()
    {
        await using PacedStream stream = Over(new MemoryStream(new byte[1000]));
        byte[] buffer = new byte[100];
        int total = 0;
        for (int count; (count = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0; total += count)
        {
            if (total is 100 or 500)
                await Task.Delay(2 * Patience, TestContext.Current.CancellationToken);
        }
        Assert.Equal(1000, total);
    }

    [Fact]
    public async Task A_peer_that_sends_nothing_is_said_to_stall()
    {
        await using PacedStream stream = Over(new SilentStream());
        await Assert.ThrowsAsync<TimeoutException>(async () => await stream.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_reader_that_gives_up_is_no_peer_that_stalls()
    {
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(50));
        await using PacedStream stream = Over(new SilentStream());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.ReadExactlyAsync(new byte[1], stop.Token));
    }

    // As the client's own streams do whose time was up just when they had bytes.
    [Fact]
    public async Task A_connection_that_is_gone_is_a_peer_that_stalls_unless_the_reader_gave_up()
    {
        await using PacedStream stream = Over(new GoneStream());
        await Assert.ThrowsAsync<TimeoutException>(async () => await stream.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.ReadExactlyAsync(new byte[1], new CancellationToken(canceled: true)));
    }

    private static PacedStream Over(Stream body) => new(
        new HttpResponseMessage(), body, Patience, TimeProvider.System, e => new TimeoutException(null, e), e => new InvalidDataException(null, e));

    private sealed class SilentStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }

    private sealed class GoneStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new ObjectDisposedException(nameof(GoneStream));
    }
}
