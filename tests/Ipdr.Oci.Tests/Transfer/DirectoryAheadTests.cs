using System.Buffers;
using System.Collections.Concurrent;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Tests.Store;
using Ipdr.Oci.Tests.UnixFs.Reading;
using Ipdr.Oci.Transfer;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Transfer;

/// <summary>What directories lead to is on its way before it is asked for, once, and does no harm where it is not wanted.</summary>
public sealed class DirectoryAheadTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly StoreFixture _store = new();
    private readonly BlockBag _bag = new();
    private readonly FarSource _far;

    public DirectoryAheadTests() => _far = new FarSource(_bag);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Each_step_down_asks_for_all_that_lies_there_and_for_each_once()
    {
        Cid one = _bag.AddRaw(1), two = _bag.AddRaw(2), three = _bag.AddRaw(3);
        Cid inner = _bag.AddNode(Node.Directory(("two", two), ("three", three)));
        Cid root = _bag.AddNode(Node.Directory(("inner", inner), ("one", one)));
        await using LocalFirstBlocks blocks = new(_store.Store, _far);
        await ReadAsync(blocks, root);
        await _far.WaitForAsync(inner, one);
        Assert.DoesNotContain(two, _far.Asked);
        await ReadAsync(blocks, inner);
        await _far.WaitForAsync(two, three);
        foreach (Cid cid in (Cid[])[three, one, two, root, inner, two])
            await ReadAsync(blocks, cid);
        Assert.Equal(5, _far.Asked.Count);
    }

    [Fact]
    public async Task What_is_in_the_store_is_not_asked_for()
    {
        Digest digest = await _store.PutBlobAsync("here");
        Cid here = _bag.AddRaw("here"u8.ToArray()), away = _bag.AddRaw(7);
        Cid root = _bag.AddNode(Node.Directory(("away", away), ("here", here)));
        await using (LocalFirstBlocks blocks = new(_store.Store, _far))
        {
            await ReadAsync(blocks, root);
            await ReadAsync(blocks, away);
        }
        Assert.Equal(digest.Encoded, Convert.ToHexStringLower(here.Hash.Digest));
        Assert.Equal([root, away], _far.Asked);
    }

    [Fact]
    public async Task A_failure_is_told_to_whoever_asks_and_to_nobody_else()
    {
        Cid broken = _bag.AddRaw(1), fine = _bag.AddRaw(2), missing = Cid.Create(1, Multicodec.Raw, Multihash.OfContent(MultihashCode.Sha256, [9]));
        Cid root = _bag.AddNode(Node.Directory(("broken", broken), ("fine", fine), ("missing", missing)));
        _far.Breaks(broken);
        await using LocalFirstBlocks blocks = new(_store.Store, _far);
        await ReadAsync(blocks, root);
        await ReadAsync(blocks, fine);
        await Assert.ThrowsAsync<IpdrException>(() => ReadAsync(blocks, broken));
        Assert.Null(await blocks.TryReadAsync(missing, Cancellation));
    }

    [Fact]
    public async Task Large_directories_files_and_broken_nodes_are_not_followed()
    {
        (string, Cid)[] many = [.. Enumerable.Range(0, DirectoryAhead.MaxBlocks + 1).Select(i => ($"{i:d2}", _bag.AddRaw((byte)i)))];
        Cid leaf = _bag.AddRaw(200);
        Cid[] tops = [_bag.AddNode(Node.Directory(many)), _bag.AddNode(Node.File((leaf, 1))), _bag.Add(Multicodec.DagPb, [1, 2, 3])];
        await using (LocalFirstBlocks blocks = new(_store.Store, _far))
        {
            foreach (Cid top in tops)
                await ReadAsync(blocks, top);
        }
        Assert.Equal(tops, _far.Asked);
    }

    [Fact]
    public async Task No_more_than_a_bound_is_fetched_without_being_asked_for()
    {
        await using LocalFirstBlocks blocks = new(_store.Store, _far);
        for (byte i = 0; i < 4; i++)
        {
            byte group = i;
            await ReadAsync(blocks, _bag.AddNode(Node.Directory([.. Enumerable.Range(0, 20).Select(j => ($"{j:d2}", _bag.AddRaw(group, (byte)j)))])));
        }
        await _far.WaitForAsync(4 + DirectoryAhead.MaxBlocks);
        await Task.Delay(50, Cancellation);
        Assert.Equal(4 + DirectoryAhead.MaxBlocks, _far.Asked.Count);
    }

    [Fact]
    public async Task What_hangs_ends_with_the_reading()
    {
        Cid slow = _bag.AddRaw(1);
        Cid root = _bag.AddNode(Node.Directory(("slow", slow)));
        _far.Hangs(slow);
        LocalFirstBlocks blocks = new(_store.Store, _far);
        await ReadAsync(blocks, root);
        await _far.WaitForAsync(slow);
        using (CancellationTokenSource impatient = new(TimeSpan.FromMilliseconds(50)))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => blocks.TryReadAsync(slow, impatient.Token).AsTask());
        await blocks.DisposeAsync().AsTask().WaitAsync(Patience, Cancellation);
    }

    private static async Task ReadAsync(LocalFirstBlocks blocks, Cid cid)
    {
        using IMemoryOwner<byte>? block = await blocks.TryReadAsync(cid, Cancellation).AsTask().WaitAsync(Patience, Cancellation);
        Assert.True(block is not null && cid.Hash.Matches(block.Memory.Span));
    }

    /// <summary>Somebody far away, of whom it is remembered what he was asked for.</summary>
    private sealed class FarSource(BlockBag bag) : ICheckedBlockSource
    {
        private readonly ConcurrentQueue<Cid> _asked = [];
        private readonly HashSet<Cid> _breaking = [], _hanging = [];

        public ConcurrentQueue<Cid> Asked => _asked;

        public void Breaks(Cid cid) => _breaking.Add(cid);

        public void Hangs(Cid cid) => _hanging.Add(cid);

        public Task WaitForAsync(params Cid[] cids) => WaitAsync(() => !cids.Except(_asked).Any());

        public Task WaitForAsync(int count) => WaitAsync(() => _asked.Count >= count);

        public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
        {
            _asked.Enqueue(cid);
            if (_hanging.Contains(cid))
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return _breaking.Contains(cid) ? throw new IpdrException(new Fault(FaultCode.SourceUnreachable, "it is broken", "far away")) : await bag.TryReadAsync(cid, cancellationToken);
        }

        private static async Task WaitAsync(Func<bool> isDone)
        {
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            patience.CancelAfter(Patience);
            while (!isDone())
                await Task.Delay(5, patience.Token);
        }
    }
}
