using System.Buffers;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>A source of a pool with what is known of it. Safe for several threads.</summary>
internal sealed class Lane(PooledSource member, BlockPoolOptions options, IPoolObserver? observer, TimeProvider clock) : IDisposable
{
    // The first back-off of a source that does not say how long to stay away.
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(500);

    // Answers of many blocks at the same time: enough to have one being read while the next ones are on their way.
    private const int MaxRuns = 4;

    private readonly IFileSource? _files = member.Source as IFileSource;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _free = new(member.Parallelism);
    private int _running;
    private int _failures;
    private int _throttles;
    private long _blocks;
    private long _bytes;
    private double _seconds;
    private DateTimeOffset _asleepUntil;
    private int _runs;
    private int _badRuns;
    private bool _hasGivenRuns;
    private bool _givesNoRuns;

    public string Name => member.Name;

    public int Parallelism => member.Parallelism;

    /// <summary>Why it is not asked any more.</summary>
    public Fault? Dropped { get; private set; }

    public SourceReport Report
    {
        get
        {
            lock (_lock)
                return new SourceReport(Name, _blocks, _bytes, Dropped);
        }
    }

    /// <summary>Seconds that a block takes here, averaged; null before the first.</summary>
    public double? Seconds
    {
        get
        {
            lock (_lock)
                return _blocks == 0 ? null : _seconds;
        }
    }

    /// <summary>How long it will be before the next block is here, as far as one can tell.</summary>
    /// <param name="guess">Seconds for a block, where nothing is known of this source.</param>
    public double Wait(double guess)
    {
        lock (_lock)
            return (1 + _running / (double)member.Parallelism) * (_blocks == 0 ? guess : Math.Max(_seconds, 1e-4));
    }

    /// <summary>How long it wants to be left alone.</summary>
    public TimeSpan Asleep
    {
        get
        {
            lock (_lock)
                return _asleepUntil - clock.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Whether it may be asked for many blocks at once, as far as one can tell.</summary>
    public bool GivesRuns
    {
        get
        {
            lock (_lock)
                return _files is not null && !_givesNoRuns;
        }
    }

    /// <summary>Keeps a place for a run; <see cref="EndRun"/> gives it back.</summary>
    /// <returns>False if it has enough to do. Before the first run has gone well, one is enough.</returns>
    public bool TryBeginRun()
    {
        lock (_lock)
        {
            if (_files is null || _givesNoRuns || _runs >= (_hasGivenRuns ? MaxRuns : 1))
                return false;
            _runs++;
            return true;
        }
    }

    /// <summary>Gives the place of a run back.</summary>
    public void EndRun()
    {
        lock (_lock)
            _runs--;
    }

    /// <summary>Asks for all parts of a run in one answer, and holds each against its name and its place.</summary>
    /// <exception cref="IpdrException">The source failed; <see cref="RunFailed"/> is still to be called.</exception>
    public async Task ReadAsync(FileRun run, CancellationToken cancellationToken)
    {
        lock (_lock)
            _running++;
        try
        {
            await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                run.Step();
                CarBody? answer = await _files!.TryReadFileAsync(run.Plan.Cid, run.Bytes, cancellationToken).ConfigureAwait(false);
                if (answer is null)
                {
                    NoRun();
                    return;
                }
                await using (answer.ConfigureAwait(false))
                    await ReadAsync(run, answer, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _free.Release();
            }
        }
        finally
        {
            lock (_lock)
                _running--;
        }
    }

    /// <summary>Draws the consequences of a run that failed.</summary>
    /// <param name="failure">What went wrong.</param>
    /// <param name="isAlone">There is nobody else: then it may still give block by block what it cannot give at once.</param>
    public void RunFailed(IpdrException failure, bool isAlone)
    {
        if ((failure as SourceException)?.Failure is SourceFailure.Misbehaves or SourceFailure.Throttles)
        {
            Failed(failure);
            return;
        }
        bool isOut;
        lock (_lock)
        {
            isOut = ++_badRuns >= options.MaxFailures;
            _givesNoRuns |= isOut || (isAlone && !_hasGivenRuns);
        }
        if (isOut && !isAlone)
            Drop(failure.Fault);
        else
            Failed(failure);
    }

    /// <summary>Asks for a block when it is its turn, and holds it against its name.</summary>
    /// <param name="cid">The block.</param>
    /// <param name="begun">Is called when the source is asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The block, for the caller to dispose of; null if it is not there.</returns>
    /// <exception cref="IpdrException">The source failed; <see cref="Failed"/> is still to be called.</exception>
    public async Task<IMemoryOwner<byte>?> ReadAsync(Cid cid, Action begun, CancellationToken cancellationToken)
    {
        lock (_lock)
            _running++;
        try
        {
            await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                begun();
                long started = clock.GetTimestamp();
                IMemoryOwner<byte>? block = await member.Source.TryReadAsync(cid, cancellationToken).ConfigureAwait(false);
                if (block is not null)
                {
                    Check(cid, block);
                    Succeeded(block.Memory.Length, clock.GetElapsedTime(started));
                }
                return block;
            }
            finally
            {
                _free.Release();
            }
        }
        finally
        {
            lock (_lock)
                _running--;
        }
    }

    /// <summary>Draws the consequences of a failure.</summary>
    public void Failed(IpdrException failure)
    {
        switch ((failure as SourceException)?.Failure)
        {
            case SourceFailure.Misbehaves:
                Drop(failure.Fault);
                break;
            case SourceFailure.Throttles:
                Sleep((SourceException)failure);
                break;
            case SourceFailure.NotInTime:
                break;
            default:
                Strike(failure.Fault);
                break;
        }
    }

    /// <summary>Another source, asked later, was sooner.</summary>
    public void Overtaken(TimeSpan after) => Strike(PoolFaults.Overtaken(Name, after));

    public void Dispose()
    {
        (member.Source as IDisposable)?.Dispose();
        _free.Dispose();
    }

    // The top of the file, and then the parts in their order: whoever sends anything else does not do what he says.
    private async Task ReadAsync(FileRun run, CarBody answer, CancellationToken cancellationToken)
    {
        bool isBelowTop = false;
        long started = clock.GetTimestamp();
        while (await answer.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } block)
        {
            Cid? expected = !isBelowTop ? run.Plan.Cid : run.Arrived < run.Count ? run.Plan.Parts[run.First + run.Arrived] : null;
            if (block.Cid.Hash == expected?.Hash)
            {
                Succeeded(block.Bytes.Memory.Length, clock.GetElapsedTime(started));
                started = clock.GetTimestamp();
                if (isBelowTop)
                    run.Arrive(block.Bytes);
                else
                    block.Bytes.Dispose();
                isBelowTop = true;
                continue;
            }
            block.Bytes.Dispose();
            if (block.Cid.Hash.Code == MultihashCode.Identity)
                continue;
            if (isBelowTop && run.IsOfAnotherPart(block.Cid))
            {
                // It gives the whole file whatever part is asked for, as gateways did before they could do better.
                NoRun();
                return;
            }
            if (isBelowTop && run.Arrived > 0 && run.Plan.Parts[run.First + run.Arrived - 1].Codec == Multicodec.DagPb)
            {
                // What looked like a leaf has parts of its own.
                run.Plan.HasRuns = false;
                return;
            }
            throw run.Plan.Has(block.Cid) || !isBelowTop
                ? SourceFaults.Misbehaves(Name, "its CAR has blocks in another order than it says", $"block {expected}", $"block {block.Cid}")
                : SourceFaults.Misbehaves(Name, "its CAR has a block that nobody asked for", actual: $"block {block.Cid}");
        }
        if (run.Arrived < run.Count)
            throw SourceFaults.CutOff(Name, $"of {run.Count} blocks of a CAR came {run.Arrived}");
        lock (_lock)
            (_hasGivenRuns, _badRuns) = (true, 0);
    }

    // Not everybody has every file: one that gave runs before is asked again.
    private void NoRun()
    {
        lock (_lock)
            _givesNoRuns |= !_hasGivenRuns || ++_badRuns >= options.MaxFailures;
    }

    private void Check(Cid cid, IMemoryOwner<byte> block)
    {
        if (member.Source is ICheckedBlockSource)
            return;
        ReadOnlySpan<byte> bytes = block.Memory.Span;
        if (bytes.Length <= options.MaxBlockBytes && cid.Hash.Matches(bytes))
            return;
        SourceException wrong = bytes.Length > options.MaxBlockBytes
            ? SourceFaults.TooLarge(Name, cid, options.MaxBlockBytes)
            : SourceFaults.WrongBytes(Name, cid, Multihash.OfContent(cid.Hash.Code, bytes));
        block.Dispose();
        throw wrong;
    }

    private void Succeeded(int bytes, TimeSpan elapsed)
    {
        lock (_lock)
        {
            // Later blocks weigh more: a line's speed changes.
            _seconds = _blocks == 0 ? elapsed.TotalSeconds : (0.8 * _seconds) + (0.2 * elapsed.TotalSeconds);
            _blocks++;
            _bytes += bytes;
            (_failures, _throttles) = (0, 0);
        }
    }

    private void Strike(Fault fault)
    {
        bool isOut;
        lock (_lock)
            isOut = ++_failures >= options.MaxFailures;
        if (isOut)
            Drop(fault);
    }

    private void Sleep(SourceException failure)
    {
        TimeSpan delay;
        int times;
        lock (_lock)
        {
            times = ++_throttles;
            delay = failure.RetryAfter ?? FirstBackOff * Math.Pow(2, Math.Min(times - 1, 10));
            if (delay <= options.MaxRetryAfter)
                _asleepUntil = clock.GetUtcNow() + delay;
        }
        if (delay > options.MaxRetryAfter)
            Drop(PoolFaults.AsksTooMuch(Name, delay));
        else if (times >= options.MaxThrottles)
            Drop(PoolFaults.ThrottlesForEver(Name, times));
        else
            observer?.SetAside(Name, delay);
    }

    private void Drop(Fault fault)
    {
        lock (_lock)
        {
            if (Dropped is not null)
                return;
            Dropped = fault;
        }
        observer?.Dropped(Name, fault);
    }
}
