using System.Buffers;
using System.Buffers.Binary;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.UnixFs.Reading;

public sealed class RecentlyCheckedBlocksTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly BlockBag _bag = new();
    private readonly Clock _clock = new();
    private readonly RecentlyCheckedBlocks _blocks;

    public RecentlyCheckedBlocksTests() => _blocks = new RecentlyCheckedBlocks(_bag, _clock);

    [Fact]
    public async Task A_block_that_is_another_one_is_refused_each_time()
    {
        Cid cid = _bag.AddRaw(1, 2, 3);
        _bag.Replace(cid, [1, 2, 4]);
        await RequireRefusalAsync(cid);
        await RequireRefusalAsync(cid);
        _bag.Replace(cid, [1, 2, 3]);
        Assert.Equal([1, 2, 3], await ReadAsync(cid));
    }

    [Fact]
    public async Task What_is_not_there_is_not_there() => Assert.Null(await _blocks.TryReadAsync(new BlockBag().AddRaw(1), Cancel));

    // That is the price: whoever gets the block finds it within the hour, this side after it.
    [Fact]
    public async Task A_block_that_rots_is_found_when_it_is_asked_for_after_an_hour()
    {
        Cid cid = _bag.AddRaw(1, 2, 3);
        await ReadAsync(cid);
        _bag.Replace(cid, [1, 2, 4]);
        Assert.Equal([1, 2, 4], await ReadAsync(cid));
        _clock.Advance(Hour);
        await RequireRefusalAsync(cid);
    }

    [Fact]
    public async Task Asking_again_does_not_put_the_check_off()
    {
        Cid cid = _bag.AddRaw(1, 2, 3);
        await ReadAsync(cid);
        _bag.Replace(cid, [1, 2, 4]);
        const int Steps = 6;
        for (int i = 0; i < Steps - 1; i++, _clock.Advance(Hour / Steps))
            await ReadAnyAsync(cid);
        _clock.Advance(Hour / Steps);
        await RequireRefusalAsync(cid);
    }

    [Fact]
    public async Task A_long_pause_does_not_put_the_check_off()
    {
        Cid cid = _bag.AddRaw(1, 2, 3);
        await ReadAsync(cid);
        _bag.Replace(cid, [1, 2, 4]);
        _clock.Advance(Hour - TimeSpan.FromMinutes(1));
        await ReadAnyAsync(cid);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await RequireRefusalAsync(cid);
    }

    [Fact]
    public async Task A_block_is_still_remembered_when_another_was_checked_later()
    {
        Cid cid = _bag.AddRaw(1, 2, 3), later = _bag.AddRaw(5);
        await ReadAsync(cid);
        _clock.Advance(Hour / 2);
        await ReadAsync(later);
        _bag.Replace(cid, [1, 2, 4]);
        _bag.Replace(later, [6]);
        Assert.Equal([1, 2, 4], await ReadAsync(cid));
        _clock.Advance(Hour / 2);
        await RequireRefusalAsync(cid);
        Assert.Equal([6], await ReadAsync(later));
    }

    [Fact]
    public async Task No_more_names_are_remembered_than_said()
    {
        Cid first = _bag.AddRaw(1, 2, 3);
        await ReadAsync(first);
        _bag.Replace(first, [1, 2, 4]);
        byte[] content = new byte[sizeof(int)];
        for (int i = 0; i < RecentlyCheckedBlocks.MaxRemembered; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(content, i);
            await ReadAsync(_bag.AddRaw([.. content]));
        }
        await RequireRefusalAsync(first);
    }

    [Fact]
    public async Task A_name_whose_function_is_not_computed_here_is_refused()
    {
        const MultihashCode Md5 = (MultihashCode)0xD5;
        Cid cid = Cid.Create(1, Multicodec.Raw, Multihash.Create(Md5, new byte[16]));
        _bag.Add(cid, [1]);
        IpdrException refusal = await Assert.ThrowsAsync<IpdrException>(() => ReadAsync(cid));
        Assert.Equal(FaultCode.UnsupportedAlgorithm, refusal.Fault.Code);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<byte[]> ReadAsync(Cid cid)
    {
        using IMemoryOwner<byte>? block = await _blocks.TryReadAsync(cid, Cancel);
        Assert.NotNull(block);
        return block.Memory.ToArray();
    }

    private async Task ReadAnyAsync(Cid cid) => Assert.NotEmpty(await ReadAsync(cid));

    private async Task RequireRefusalAsync(Cid cid)
    {
        IpdrException refusal = await Assert.ThrowsAsync<IpdrException>(() => ReadAsync(cid));
        Assert.Equal(FaultCode.DigestMismatch, refusal.Fault.Code);
    }

    private sealed class Clock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
