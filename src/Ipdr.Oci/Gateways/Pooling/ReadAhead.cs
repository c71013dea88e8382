using System.Buffers;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>Fetches the parts of files that are being read before they are asked for, in order, within a bound of bytes. Safe for several threads.</summary>
/// <param name="fetch">Fetches one block.</param>
/// <param name="maxBytes">Bytes that may be there or under way.</param>
/// <param name="maxBlockBytes">Bytes that one block may have.</param>
/// <param name="clock">Tells how long ago a file was read.</param>
internal sealed class ReadAhead(Func<Cid, Task<IMemoryOwner<byte>?>> fetch, int maxBytes, int maxBlockBytes, TimeProvider clock) : IAsyncDisposable
{
    // Files that are read at the same time, and some that were given up.
    private const int MaxPlans = 64;

    // Whoever did not ask for so long may have stopped reading; his blocks give way to those that others wait for.
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly LinkedList<FilePlan> _plans = [];
    private readonly Dictionary<Multihash, FilePlan> _expected = [];
    private readonly Dictionary<Multihash, AheadBlock> _blocks = [];
    private readonly HashSet<Task> _running = [];
    private long _bytes;
    private bool _isStopped;

    /// <summary>Blocks that are fetched at the same time.</summary>
    public int MaxRunning { get; set; } = 1;

    /// <summary>The block, if it was fetched ahead; null if not, or if that failed.</summary>
    public async ValueTask<IMemoryOwner<byte>?> TakeAsync(Cid cid, CancellationToken cancellationToken)
    {
        AheadBlock? ahead;
        List<AheadBlock> passed = [];
        lock (_lock)
        {
            if (_expected.TryGetValue(cid.Hash, out FilePlan? plan))
            {
                _plans.Remove(plan);
                _plans.AddFirst(plan);
                foreach (Cid skipped in plan.MoveTo(cid, clock.GetTimestamp()))
                {
                    if (_blocks.Remove(skipped.Hash, out AheadBlock? block))
                        passed.Add(block);
                }
            }
            _blocks.Remove(cid.Hash, out ahead);
            if (plan?.IsRead == true)
                passed.AddRange(Drop(plan));
        }
        foreach (AheadBlock block in passed)
            Abandon(block);
        Pump();
        if (ahead is null)
            return null;
        try
        {
            return await ahead.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException)
        {
            // It is asked for again, and then told.
            return null;
        }
        catch (OperationCanceledException)
        {
            Abandon(ahead with { Bytes = 0 });
            throw;
        }
        finally
        {
            Free(ahead.Bytes);
            Pump();
        }
    }

    /// <summary>Plans to fetch what a block leads to, if it is a part of a file.</summary>
    public void Follow(Cid cid, ReadOnlyMemory<byte> block)
    {
        if (maxBytes == 0 || cid.Codec != Multicodec.DagPb || FilePlan.Of(cid, block.Span, maxBlockBytes) is not { } plan)
            return;
        List<AheadBlock> dropped = [];
        lock (_lock)
        {
            if (_plans.FirstOrDefault(other => other.Cid.Hash == cid.Hash) is { } former)
                dropped.AddRange(Drop(former));
            _plans.AddFirst(plan);
            foreach (Cid child in plan.Parts)
                _expected[child.Hash] = plan;
            while (_plans.Count > MaxPlans)
                dropped.AddRange(Drop(_plans.Last!.Value));
        }
        foreach (AheadBlock ahead in dropped)
            Abandon(ahead);
        Pump();
    }

    public async ValueTask DisposeAsync()
    {
        Task[] running;
        AheadBlock[] blocks;
        lock (_lock)
        {
            _isStopped = true;
            running = [.. _running];
            blocks = [.. _blocks.Values];
            _blocks.Clear();
        }
        foreach (Task task in running)
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (AheadBlock block in blocks)
            Abandon(block);
    }

    private List<AheadBlock> Drop(FilePlan plan)
    {
        List<AheadBlock> dropped = [];
        _plans.Remove(plan);
        foreach (Cid child in plan.Parts)
        {
            if (_expected.TryGetValue(child.Hash, out FilePlan? owner) && owner == plan)
            {
                _expected.Remove(child.Hash);
                if (_blocks.Remove(child.Hash, out AheadBlock? block))
                    dropped.Add(block);
            }
        }
        return dropped;
    }

    private void Pump()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_isStopped || _running.Count >= MaxRunning || (_bytes >= maxBytes && !MakeRoom()) || Next() is not { } next)
                    return;
                if (_blocks.ContainsKey(next.Cid.Hash))
                    continue;
                _bytes += next.Bytes;
                // Not here: whoever fetches may be done at once, or take long to begin.
                Task<IMemoryOwner<byte>?> task = Task.Run(() => fetch(next.Cid));
                _blocks[next.Cid.Hash] = new AheadBlock(task, next.Bytes);
                _running.Add(task);
                _ = task.ContinueWith(Done, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }

        void Done(Task task)
        {
            // Seen: it is told to whoever takes the block.
            _ = task.Exception;
            lock (_lock)
                _running.Remove(task);
            Pump();
        }
    }

    // True if a file that nobody reads any more gave up what was fetched of it.
    private bool MakeRoom()
    {
        FilePlan? last = _plans.LastOrDefault(plan => plan.Ahead > 0);
        if (last is null || clock.GetElapsedTime(last.LastUse) < Forgotten)
            return false;
        List<AheadBlock> dropped = Drop(last);
        dropped.ForEach(Abandon);
        return dropped.Count > 0;
    }

    // Readers of several files get their share in turn; those that read last come first.
    private (Cid Cid, int Bytes)? Next()
    {
        FilePlan? neediest = null;
        foreach (FilePlan plan in _plans)
        {
            if (plan.CanGoOn && (neediest is null || plan.Ahead < neediest.Ahead))
                neediest = plan;
        }
        return neediest?.Next();
    }

    private void Abandon(AheadBlock block)
    {
        Free(block.Bytes);
        _ = block.Task.ContinueWith(
            static task =>
            {
                if (task.IsCompletedSuccessfully)
                    task.GetAwaiter().GetResult()?.Dispose();
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Free(int bytes)
    {
        lock (_lock)
            _bytes -= bytes;
    }
}
