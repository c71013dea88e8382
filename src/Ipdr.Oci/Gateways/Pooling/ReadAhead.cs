using System.Buffers;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>Fetches the parts of files that are being read before they are asked for, in order, within a bound of bytes. Safe for several threads.</summary>
/// <param name="source">Where they come from.</param>
/// <param name="maxBytes">Bytes that may be there or under way.</param>
/// <param name="maxBlockBytes">Bytes that one block may have.</param>
/// <param name="clock">Tells how long ago a file was read.</param>
internal sealed class ReadAhead(IAheadSource source, int maxBytes, int maxBlockBytes, TimeProvider clock) : IAsyncDisposable
{
    // Files that are read at the same time, and some that were given up.
    private const int MaxPlans = 64;

    // Whoever did not ask for so long may have stopped reading; his blocks give way to those that others wait for.
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(5);

    // An answer of that size is worth its request on any line, and four of them fit in what is read ahead.
    private const int MaxRunBytes = 8 << 20;

    private readonly Lock _lock = new();
    private readonly LinkedList<FilePlan> _plans = [];
    private readonly Dictionary<Multihash, FilePlan> _expected = [];
    private readonly Dictionary<Multihash, AheadBlock> _blocks = [];
    private readonly HashSet<Task> _running = [];
    private long _bytes;
    private bool _isStopped;

    /// <summary>Blocks that are fetched at the same time.</summary>
    public int MaxRunning { get; set; } = 1;

    /// <summary>The block, if it was fetched ahead; null if not, or if that failed. Then also the run that it was waited for in vain, if there is one.</summary>
    public async ValueTask<(IMemoryOwner<byte>? Block, FileRun? Slow)> TakeAsync(Cid cid, CancellationToken cancellationToken)
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
            return default;
        try
        {
            if (ahead.Run is not { } run || await IsWorthWaitingAsync(ahead.Task, run, cancellationToken).ConfigureAwait(false))
                return (await ahead.Task.WaitAsync(cancellationToken).ConfigureAwait(false), null);
            Abandon(ahead with { Bytes = 0 });
            return (null, run);
        }
        catch (IpdrException)
        {
            // It is asked for again, and then told.
            return default;
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

    private async ValueTask<bool> IsWorthWaitingAsync(Task arrival, FileRun run, CancellationToken cancellationToken)
    {
        while (!arrival.IsCompleted && source.PatienceWith(run) is { } patience)
        {
            if (patience <= TimeSpan.Zero)
                return false;
            try
            {
                await arrival.WaitAsync(patience, clock, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // Something else of the run may have come meanwhile.
            }
        }
        return true;
    }

    private void Pump()
    {
        lock (_lock)
        {
            while (!_isStopped && _running.Count < MaxRunning && (_bytes < maxBytes || MakeRoom()) && Neediest() is { } plan)
            {
                (int count, int bytes) = plan.MeasureRun(Math.Min(MaxRunBytes, maxBytes / 4), part => _blocks.ContainsKey(part.Hash));
                (RunChoice choice, Lane? lane) = count > 1 ? source.Choose() : (RunChoice.Single, null);
                if (choice == RunChoice.Later)
                    return;
                if (lane is null)
                {
                    FetchNext(plan);
                }
                else if (bytes > maxBytes - _bytes && !MakeRoom())
                {
                    // Many at once when there is room for them, not each as soon as there is room for one.
                    lane.EndRun();
                    return;
                }
                else
                {
                    FetchRun(new FileRun(plan, lane, plan.TakeRun(count), count, clock), bytes);
                }
            }
        }
    }

    private void FetchNext(FilePlan plan)
    {
        (Cid cid, int bytes) = plan.Next();
        if (_blocks.ContainsKey(cid.Hash))
            return;
        _bytes += bytes;
        // Not here: whoever fetches may be done at once, or take long to begin.
        Task<IMemoryOwner<byte>?> task = Task.Run(() => source.FetchAsync(cid));
        _blocks[cid.Hash] = new AheadBlock(task, bytes);
        Watch(task, null);
    }

    private void FetchRun(FileRun run, int bytes)
    {
        _bytes += bytes;
        for (int i = 0; i < run.Count; i++)
            _blocks[run.Plan.Parts[run.First + i].Hash] = new AheadBlock(run.Arrival(i), run.Plan.BytesOf(run.First + i), run);
        Watch(Task.Run(() => source.FetchAsync(run)), run);
    }

    private void Watch(Task task, FileRun? run)
    {
        _running.Add(task);
        _ = task.ContinueWith(Done, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

        void Done(Task task)
        {
            // Seen: it is told to whoever takes the block.
            _ = task.Exception;
            lock (_lock)
            {
                _running.Remove(task);
                if (run is not null)
                    Finish(run);
            }
            run?.Dispose();
            Pump();
        }
    }

    // What has not come is fetched in another way, by those who wait for it already or in its turn.
    private void Finish(FileRun run)
    {
        for (int i = run.Arrived; i < run.Count; i++)
        {
            Multihash part = run.Plan.Parts[run.First + i].Hash;
            if (_blocks.TryGetValue(part, out AheadBlock? block) && block.Run == run)
            {
                _blocks.Remove(part);
                _bytes -= block.Bytes;
            }
        }
        if (run.Arrived < run.Count)
            run.Plan.GoBackTo(run.First + run.Arrived);
        run.End();
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
    private FilePlan? Neediest()
    {
        FilePlan? neediest = null;
        foreach (FilePlan plan in _plans)
        {
            if (plan.CanGoOn && (neediest is null || plan.Ahead < neediest.Ahead))
                neediest = plan;
        }
        return neediest;
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
