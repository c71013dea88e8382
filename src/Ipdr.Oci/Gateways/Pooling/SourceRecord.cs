using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>What a source of a pool has given, how fast it is, and what it did wrong. Safe for several threads.</summary>
internal sealed class SourceRecord(string name, BlockPoolOptions options, IPoolObserver? observer, TimeProvider clock)
{
    // The first back-off of a source that does not say how long to stay away.
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(500);

    // The first blocks tell more of names looked up, lines set up and keys agreed on than of what comes after.
    private const int FirstBlocks = 4;

    // A line that was slow may have become fast, and nobody would know who does not try it.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private int _failures;
    private int _throttles;
    private long _blocks;
    private long _bytes;
    private double _seconds;
    private long _lastBlock;
    private DateTimeOffset _asleepUntil;

    /// <summary>Why it is not asked any more.</summary>
    public Fault? Dropped { get; private set; }

    public SourceReport Report
    {
        get
        {
            lock (_lock)
                return new SourceReport(name, _blocks, _bytes, Dropped);
        }
    }

    /// <summary>Seconds that a block takes here, averaged; null before a few have come, and when the last of them is long ago.</summary>
    public double? Seconds
    {
        get
        {
            lock (_lock)
                return _blocks < FirstBlocks || IsForgotten ? null : _seconds;
        }
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

    private bool IsForgotten => clock.GetElapsedTime(_lastBlock) > Remembered;

    /// <summary>A block came, and was what it should be.</summary>
    public void Succeeded(int bytes, TimeSpan elapsed)
    {
        lock (_lock)
        {
            // Later blocks weigh more: a line's speed changes.
            _seconds = _blocks == 0 || IsForgotten ? elapsed.TotalSeconds
                : _blocks < FirstBlocks ? Math.Min(_seconds, elapsed.TotalSeconds)
                : (0.8 * _seconds) + (0.2 * elapsed.TotalSeconds);
            _lastBlock = clock.GetTimestamp();
            _blocks++;
            _bytes += bytes;
            (_failures, _throttles) = (0, 0);
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

    /// <summary>Something that is forgiven unless it happens too often without a success between.</summary>
    public void Strike(Fault fault)
    {
        bool isOut;
        lock (_lock)
            isOut = ++_failures >= options.MaxFailures;
        if (isOut)
            Drop(fault);
    }

    /// <summary>It is not asked any more.</summary>
    public void Drop(Fault fault)
    {
        lock (_lock)
        {
            if (Dropped is not null)
                return;
            Dropped = fault;
        }
        observer?.Dropped(name, fault);
    }

    private void Sleep(SourceException failure)
    {
        TimeSpan delay;
        int times;
        lock (_lock)
        {
            times = ++_throttles;
            TimeSpan own = FirstBackOff * Math.Pow(2, Math.Min(times - 1, 10));
            delay = failure.RetryAfter ?? (own < options.MaxRetryAfter ? own : options.MaxRetryAfter);
            if (delay <= options.MaxRetryAfter)
                _asleepUntil = clock.GetUtcNow() + delay;
        }
        if (delay > options.MaxRetryAfter)
            Drop(PoolFaults.AsksTooMuch(name, delay));
        else if (times >= options.MaxThrottles)
            Drop(PoolFaults.ThrottlesForEver(name, times));
        else
            observer?.SetAside(name, delay);
    }
}
