using System.Buffers;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>A source of a pool, which is asked for a few things at a time. Safe for several threads.</summary>
internal sealed class Lane : IDisposable
{
    private readonly PooledSource _member;
    private readonly IFileSource? _files;
    private readonly BlockPoolOptions _options;
    private readonly TimeProvider _clock;
    private readonly SourceRecord _record;
    private readonly RunRecord _runs;
    private readonly SemaphoreSlim _free;
    private int _running;

    public Lane(PooledSource member, BlockPoolOptions options, IPoolObserver? observer, TimeProvider clock)
    {
        (_member, _options, _clock) = (member, options, clock);
        _files = member.Source as IFileSource;
        _record = new SourceRecord(member.Name, options, observer, clock);
        _runs = new RunRecord(_files is not null, options.MaxFailures);
        _free = new SemaphoreSlim(member.Parallelism);
    }

    public string Name => _member.Name;

    public int Parallelism => _member.Parallelism;

    /// <summary>Why it is not asked any more.</summary>
    public Fault? Dropped => _record.Dropped;

    public SourceReport Report => _record.Report;

    /// <summary>Seconds that a block takes here, averaged; null before a few have come, and when the last of them is long ago.</summary>
    public double? Seconds => _record.Seconds;

    /// <summary>How long it wants to be left alone.</summary>
    public TimeSpan Asleep => _record.Asleep;

    /// <summary>Whether it may be asked for many blocks at once, as far as one can tell.</summary>
    public bool GivesRuns => _runs.Gives;

    /// <summary>How long it will be before the next block is here, as far as one can tell.</summary>
    /// <param name="guess">Seconds for a block, where nothing is known of this source.</param>
    public double Wait(double guess) =>
        (1 + (Volatile.Read(ref _running) / (double)Parallelism)) * (_record.Seconds is { } seconds ? Math.Max(seconds, 1e-4) : guess);

    /// <summary>Keeps a place for a run; <see cref="EndRun"/> gives it back.</summary>
    /// <returns>False if it has enough to do.</returns>
    public bool TryBeginRun() => _runs.TryBegin();

    /// <summary>Gives the place of a run back.</summary>
    public void EndRun() => _runs.End();

    /// <summary>Asks for all parts of a run in one answer, and holds each against its name and its place.</summary>
    /// <exception cref="IpdrException">The source failed; <see cref="RunFailed"/> is still to be called.</exception>
    public async Task ReadAsync(FileRun run, CancellationToken cancellationToken)
    {
        switch (await InTurnAsync(() => AskAsync(run, cancellationToken), cancellationToken).ConfigureAwait(false))
        {
            case RunOutcome.Run:
                _runs.Succeeded();
                break;
            case RunOutcome.DeeperFile:
                run.Plan.HasRuns = false;
                break;
            default:
                _runs.Refused();
                break;
        }
    }

    /// <summary>Draws the consequences of a run that failed.</summary>
    /// <param name="failure">What went wrong.</param>
    /// <param name="isAlone">There is nobody else: then it may still give block by block what it cannot give at once.</param>
    public void RunFailed(IpdrException failure, bool isAlone)
    {
        bool isFinal = (failure as SourceException)?.Failure is SourceFailure.Misbehaves or SourceFailure.Throttles;
        if (!isFinal && _runs.Failed(isAlone) && !isAlone)
            _record.Drop(failure.Fault);
        else
            _record.Failed(failure);
    }

    /// <summary>Asks for a block when it is its turn, and holds it against its name.</summary>
    /// <param name="cid">The block.</param>
    /// <param name="begun">Is called when the source is asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The block, for the caller to dispose of; null if it is not there.</returns>
    /// <exception cref="IpdrException">The source failed; <see cref="Failed"/> is still to be called.</exception>
    public Task<IMemoryOwner<byte>?> ReadAsync(Cid cid, Action begun, CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        begun();
        long started = _clock.GetTimestamp();
        IMemoryOwner<byte>? block = await _member.Source.TryReadAsync(cid, cancellationToken).ConfigureAwait(false);
        if (block is not null)
        {
            Check(cid, block);
            _record.Succeeded(block.Memory.Length, _clock.GetElapsedTime(started));
        }
        return block;
    }, cancellationToken);

    /// <summary>Draws the consequences of a failure.</summary>
    public void Failed(IpdrException failure) => _record.Failed(failure);

    /// <summary>Another source, asked later, was sooner.</summary>
    public void Overtaken(TimeSpan after) => _record.Strike(PoolFaults.Overtaken(Name, after));

    public void Dispose()
    {
        (_member.Source as IDisposable)?.Dispose();
        _free.Dispose();
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _running);
        try
        {
            await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await ask().ConfigureAwait(false);
            }
            finally
            {
                _free.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task<RunOutcome> AskAsync(FileRun run, CancellationToken cancellationToken)
    {
        run.Step();
        CarBody? answer = await _files!.TryReadFileAsync(run.Plan.Cid, run.Bytes, cancellationToken).ConfigureAwait(false);
        if (answer is null)
            return RunOutcome.Nothing;
        await using (answer.ConfigureAwait(false))
            return await new RunReader(Name, _record, _clock).ReadAsync(run, answer, cancellationToken).ConfigureAwait(false);
    }

    private void Check(Cid cid, IMemoryOwner<byte> block)
    {
        if (_member.Source is ICheckedBlockSource)
            return;
        ReadOnlySpan<byte> bytes = block.Memory.Span;
        if (bytes.Length <= _options.MaxBlockBytes && cid.Hash.Matches(bytes))
            return;
        SourceException wrong = bytes.Length > _options.MaxBlockBytes
            ? SourceFaults.TooLarge(Name, cid, _options.MaxBlockBytes)
            : SourceFaults.WrongBytes(Name, cid, Multihash.OfContent(cid.Hash.Code, bytes));
        block.Dispose();
        throw wrong;
    }
}
