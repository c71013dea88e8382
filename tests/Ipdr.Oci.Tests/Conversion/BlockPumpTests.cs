using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Streams;

namespace Ipdr.Oci.Tests.Conversion;

/// <summary>One source, several sinks, and what is still at work when one of them fails.</summary>
public sealed class BlockPumpTests
{
    [Fact]
    public async Task No_sink_is_at_work_any_more_when_the_source_has_failed()
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool ended = false;
        await Assert.ThrowsAsync<EndOfStreamException>(() => BlockPump.RunAsync(
            new BreakingStream(started.Task),
            [async (_, _) =>
            {
                started.TrySetResult();
                await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
                Volatile.Write(ref ended, true);
            }],
            TestContext.Current.CancellationToken));
        Assert.True(Volatile.Read(ref ended));
    }

    [Fact]
    public async Task A_sink_that_waits_is_stopped_when_the_source_has_failed()
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await Assert.ThrowsAsync<EndOfStreamException>(() => BlockPump.RunAsync(
            new BreakingStream(started.Task),
            [async (_, token) =>
            {
                started.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
            }],
            TestContext.Current.CancellationToken));
    }

    // Breaks once its first block has reached a sink.
    private sealed class BreakingStream(Task reached) : ReadOnlyStream
    {
        private int _left = BlockPump.BlockSize;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = Math.Min(_left, buffer.Length);
            _left -= count;
            if (count > 0)
                return count;
            await reached;
            throw new EndOfStreamException();
        }
    }
}
