using System.Buffers;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>The search for one block: the best source first, another one beside it when that takes too long, all of them in turn when they fail.</summary>
internal sealed class BlockRace(Cid cid, Func<Lane[]> lanes, BlockPoolOptions options, TimeProvider clock)
{
    // A source whose speed is not known yet is taken for a good one, so that it becomes known.
    private const double OptimisticSeconds = 0.05;

    // Slower than the others is not stalled.
    private const double PatienceFactor = 4;

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<Lane> _lacking = [];
    private readonly HashSet<Lane> _tried = [];
    private readonly List<Fault> _failures = [];

    /// <summary>Runs until one source has given the block or all have been asked.</summary>
    public async Task<RaceResult> RunAsync(CancellationToken cancellationToken)
    {
        _failures.Clear();
        for (int round = 1; ; round++)
        {
            _tried.Clear();
            if (await RunRoundAsync(cancellationToken).ConfigureAwait(false) is { } block)
                return new RaceResult(block, false, []);
            // Only for those that failed is it worth to come back.
            if (round >= options.MaxRounds || !Able().Any())
                return new RaceResult(null, _failures.Count == 0 && _lacking.Count > 0 && lanes().All(lane => lane.Dropped is null), _failures);
            await Task.Delay(FirstBackOff * Math.Pow(2, round), clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IMemoryOwner<byte>?> RunRoundAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Attempt> running = [];
        try
        {
            int wanted = 1;
            while (true)
            {
                while (running.Count < wanted && Choose() is { } lane)
                {
                    _tried.Add(lane);
                    running.Add(Attempt.Start(lane, cid, stop.Token));
                }
                if (running.Count == 0)
                {
                    if (!await WakeAsync(cancellationToken).ConfigureAwait(false))
                        return null;
                    continue;
                }
                if (!await AnyDoneAsync(running, wanted, cancellationToken).ConfigureAwait(false))
                {
                    wanted = running.Count + 1;
                    continue;
                }
                int done = running.FindIndex(attempt => attempt.Task.IsCompleted);
                Attempt finished = running[done];
                running.RemoveAt(done);
                if (await ReadAsync(finished, cancellationToken).ConfigureAwait(false) is not { } block)
                    continue;
                // Those that were asked before this one have had their time.
                foreach (Attempt late in running.Take(done).Where(attempt => attempt.HasBegun && !attempt.Task.IsCompleted))
                    late.Lane.Overtaken(Overtake);
                return block;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (Attempt attempt in running)
                await attempt.AbandonAsync().ConfigureAwait(false);
        }
    }

    private TimeSpan Overtake => PatienceWith(lanes(), options);

    /// <summary>After so long without a block another source is worth to be asked.</summary>
    public static TimeSpan PatienceWith(IEnumerable<Lane> lanes, BlockPoolOptions options)
    {
        double fastest = lanes.Where(lane => lane.Dropped is null).Min(lane => lane.Seconds) ?? 0;
        return fastest * PatienceFactor > options.Overtake.TotalSeconds ? TimeSpan.FromSeconds(fastest * PatienceFactor) : options.Overtake;
    }

    private IEnumerable<Lane> Able() => lanes().Where(lane => lane.Dropped is null && !_lacking.Contains(lane));

    private Lane? Choose()
    {
        Lane[] ready = [.. Able().Where(lane => !_tried.Contains(lane) && lane.Asleep == TimeSpan.Zero)];
        double guess = ready.Min(lane => lane.Seconds) ?? OptimisticSeconds;
        return ready.MinBy(lane => lane.Wait(guess));
    }

    // Waits for the first of those that asked to be left alone for a while; false if there is none.
    private async Task<bool> WakeAsync(CancellationToken cancellationToken)
    {
        TimeSpan[] delays = [.. Able().Where(lane => !_tried.Contains(lane)).Select(lane => lane.Asleep)];
        if (delays.Length == 0)
            return false;
        await Task.Delay(delays.Min(), clock, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> AnyDoneAsync(List<Attempt> running, int wanted, CancellationToken cancellationToken)
    {
        Task any = Task.WhenAny(running.Select(attempt => attempt.Task));
        bool hasMore = Able().Any(lane => !_tried.Contains(lane));
        if (wanted > running.Count || !hasMore)
        {
            // Nobody is left who could be asked beside; each attempt has its own end.
            await any.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        using CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task delay = Task.Delay(Overtake, clock, timer.Token);
        bool isDone = await Task.WhenAny(any, delay).ConfigureAwait(false) == any;
        await timer.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return isDone;
    }

    private async Task<IMemoryOwner<byte>?> ReadAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            IMemoryOwner<byte>? block = await attempt.Task.ConfigureAwait(false);
            if (block is null)
                _lacking.Add(attempt.Lane);
            return block;
        }
        catch (IpdrException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            attempt.Lane.Failed(e);
            // Whoever asked for time gets it, and is asked again in this round.
            if (e is SourceException { Failure: SourceFailure.Throttles })
            {
                _tried.Remove(attempt.Lane);
                return null;
            }
            // It has searched for as long as it does: to ask again would be to wait as long again.
            if (e is SourceException { Failure: SourceFailure.NotInTime })
                _lacking.Add(attempt.Lane);
            _failures.Add(e.Fault);
            return null;
        }
    }
}
