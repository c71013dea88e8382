using System.Buffers;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>Several sources as one: blocks are spread over them, each is checked, and who fails is left out while the others go on. Safe for several threads.</summary>
/// <remarks>
/// A block is asked of the source that will probably have it first; when it does not come, of the next one as well. When the top of a file
/// has been read, its parts are fetched ahead, in order, within <see cref="BlockPoolOptions.ReadAheadBytes"/>. A source that gave a wrong block is never
/// asked again; one that stalls, hangs up or cannot be reached, after some failures in a row.
/// </remarks>
public sealed class BlockPool : ICheckedBlockSource, IAsyncDisposable
{
    // More sources than that are no help, and whoever finds them is no friend.
    private const int MaxSources = 64;

    private readonly Lock _lock = new();
    private readonly BlockPoolOptions _options;
    private readonly IPoolObserver? _observer;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ReadAhead _ahead;
    private Lane[] _lanes = [];

    /// <param name="sources">The sources, which are the pool's from now on.</param>
    /// <param name="options">How they are used; the defaults if null.</param>
    /// <param name="observer">Is told what becomes of them; may be null.</param>
    /// <param name="clock">Tells the time; the system's if null.</param>
    public BlockPool(IEnumerable<PooledSource> sources, BlockPoolOptions? options = null, IPoolObserver? observer = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        _options = options ?? new BlockPoolOptions();
        _observer = observer;
        _clock = clock ?? TimeProvider.System;
        _ahead = new ReadAhead(new AheadSource(this), _options.ReadAheadBytes, _options.MaxBlockBytes, _clock);
        Add(sources);
    }

    /// <summary>What each source has done so far, in the order in which they were added.</summary>
    public IReadOnlyList<SourceReport> Sources => [.. Lanes.Select(lane => lane.Report)];

    private Lane[] Lanes
    {
        get
        {
            lock (_lock)
                return _lanes;
        }
    }

    /// <summary>Adds sources, but for those that are there already by name.</summary>
    public void Add(IEnumerable<PooledSource> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        lock (_lock)
        {
            foreach (PooledSource source in sources)
            {
                if (_lanes.Length < MaxSources && !_lanes.Any(lane => lane.Name == source.Name))
                    _lanes = [.. _lanes, new Lane(source, _options, _observer, _clock)];
                else
                    (source.Source as IDisposable)?.Dispose();
            }
            _ahead.MaxRunning = _lanes.Sum(lane => lane.Parallelism);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IpdrException">The block cannot be had: the sources failed, and the message says how.</exception>
    public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        if (!cid.Hash.IsVerifiable)
            throw DagFaults.Unverifiable(cid);
        (IMemoryOwner<byte>? block, FileRun? slow) = await _ahead.TakeAsync(cid, cancellationToken).ConfigureAwait(false);
        block ??= await FetchAsync(cid, cancellationToken).ConfigureAwait(false);
        if (slow is not null && block is not null)
            Overtaken(slow);
        if (block is not null)
            _ahead.Follow(cid, block.Memory);
        return block;
    }

    /// <summary>Ends what is under way, and disposes of the sources.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _ahead.DisposeAsync().ConfigureAwait(false);
        foreach (Lane lane in Lanes)
            lane.Dispose();
        _stopping.Dispose();
    }

    private void Overtaken(FileRun run)
    {
        run.Lane.Overtaken(BlockRace.PatienceWith(Lanes, _options));
        if (run.Lane.Dropped is not null)
            run.Stop();
    }

    private Lane[] Able() => [.. Lanes.Where(lane => lane.Dropped is null && lane.Asleep == TimeSpan.Zero)];

    private async Task<IMemoryOwner<byte>?> FetchAsync(Cid cid, CancellationToken cancellationToken)
    {
        BlockRace race = new(cid, () => Lanes, _options, _clock);
        RaceResult result = await race.RunAsync(cancellationToken).ConfigureAwait(false);
        if (result.Block is null && _options.FindMore is { } find && await find(cid, cancellationToken).ConfigureAwait(false) is { Count: > 0 } found)
        {
            Add(found);
            result = await race.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        if (result.Block is not null || result.IsAbsent)
            return result.Block;
        throw PoolFaults.NoSource(cid, result.Failures.Concat(Lanes.Select(lane => lane.Dropped).OfType<Fault>()));
    }

    /// <summary>The pool as those see it who read ahead.</summary>
    private sealed class AheadSource(BlockPool pool) : IAheadSource
    {
        // A source whose speed is not known yet is taken for a good one, so that it becomes known.
        private const double OptimisticSeconds = 0.05;

        public Task<IMemoryOwner<byte>?> FetchAsync(Cid cid) => pool.FetchAsync(cid, pool._stopping.Token);

        public (RunChoice Choice, Lane? Lane) Choose()
        {
            Lane[] able = pool.Able();
            Lane[] givers = [.. able.Where(lane => lane.GivesRuns)];
            if (givers.Length == 0)
                return (RunChoice.Single, null);
            double guess = givers.Min(lane => lane.Seconds) ?? OptimisticSeconds;
            foreach (Lane lane in givers.OrderBy(lane => lane.Wait(guess)))
            {
                if (lane.TryBeginRun())
                    return (RunChoice.Run, lane);
            }
            return (givers.Length < able.Length ? RunChoice.Single : RunChoice.Later, null);
        }

        public async Task FetchAsync(FileRun run)
        {
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(run.Stopped, pool._stopping.Token);
            try
            {
                await run.Lane.ReadAsync(run, stop.Token).ConfigureAwait(false);
            }
            catch (IpdrException e)
            {
                run.Lane.RunFailed(e, isAlone: !pool.Able().Any(lane => lane != run.Lane));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Whoever stopped it knows why.
            }
            finally
            {
                run.Lane.EndRun();
            }
        }

        public TimeSpan? PatienceWith(FileRun run)
        {
            if (!pool.Able().Any(lane => lane != run.Lane))
                return null;
            TimeSpan left = BlockRace.PatienceWith(pool.Lanes, pool._options) - run.Silence;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
