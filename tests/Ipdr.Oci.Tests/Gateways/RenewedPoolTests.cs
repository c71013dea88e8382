using System.Buffers;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Gateways;

/// <summary>A source that was left out gets another chance after a while, and not before.</summary>
public sealed class RenewedPoolTests
{
    [Fact]
    public async Task A_source_that_lied_is_asked_again_only_when_the_pool_is_old()
    {
        byte[] content = [1, 2, 3];
        Cid cid = Cid.Create(1, Multicodec.Raw, Multihash.OfContent(MultihashCode.Sha256, content));
        Clock clock = new();
        Source source = new(content) { Lies = true };
        await using RenewedPool pool = new(() => new BlockPool([new PooledSource("source", source)]), TimeSpan.FromMinutes(5), clock);
        await Assert.ThrowsAsync<IpdrException>(async () => await pool.TryReadAsync(cid, TestContext.Current.CancellationToken));
        source.Lies = false;
        int reads = source.Reads;
        await Assert.ThrowsAsync<IpdrException>(async () => await pool.TryReadAsync(cid, TestContext.Current.CancellationToken));
        Assert.Equal(reads, source.Reads);
        clock.Advance(TimeSpan.FromMinutes(6));
        using IMemoryOwner<byte>? block = await pool.TryReadAsync(cid, TestContext.Current.CancellationToken);
        Assert.Equal(content, block!.Memory.ToArray());
        // A pool without anybody left out stays, however old.
        clock.Advance(TimeSpan.FromMinutes(60));
        using IMemoryOwner<byte>? again = await pool.TryReadAsync(cid, TestContext.Current.CancellationToken);
        Assert.NotNull(again);
    }

    private sealed class Source(byte[] content) : IBlockSource
    {
        public bool Lies { get; set; }

        public int Reads { get; private set; }

        public ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
        {
            Reads++;
            return ValueTask.FromResult<IMemoryOwner<byte>?>(BlockBuffer.Of(Lies ? [9] : content));
        }
    }

    private sealed class Clock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
