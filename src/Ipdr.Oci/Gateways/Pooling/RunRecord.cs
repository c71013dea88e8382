namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>Whether a source gives many blocks in one answer, and how many such answers are under way. Safe for several threads.</summary>
/// <param name="canBeAsked">Whether there is a way to ask it.</param>
/// <param name="maxFailures">So many failures in a row, and it is not asked for runs any more.</param>
internal sealed class RunRecord(bool canBeAsked, int maxFailures)
{
    // Enough to have one being read while the next ones are on their way.
    private const int MaxRuns = 4;

    private readonly Lock _lock = new();
    private int _runs;
    private int _failures;
    private bool _hasGiven;
    private bool _gives = canBeAsked;

    /// <summary>Whether it may be asked, as far as one can tell.</summary>
    public bool Gives
    {
        get
        {
            lock (_lock)
                return _gives;
        }
    }

    /// <summary>Keeps a place for a run; <see cref="End"/> gives it back.</summary>
    /// <returns>False if it has enough to do. Before the first run has gone well, one is enough.</returns>
    public bool TryBegin()
    {
        lock (_lock)
        {
            if (!_gives || _runs >= (_hasGiven ? MaxRuns : 1))
                return false;
            _runs++;
            return true;
        }
    }

    /// <summary>Gives the place of a run back.</summary>
    public void End()
    {
        lock (_lock)
            _runs--;
    }

    /// <summary>A run came whole.</summary>
    public void Succeeded()
    {
        lock (_lock)
            (_hasGiven, _failures) = (true, 0);
    }

    /// <summary>It answered with no run. Not everybody has every file: one that gave runs before is asked again.</summary>
    public void Refused()
    {
        lock (_lock)
            _gives &= _hasGiven && ++_failures < maxFailures;
    }

    /// <summary>A run broke off.</summary>
    /// <param name="isAlone">There is nobody else to ask: then one failure is enough to go back to single blocks.</param>
    /// <returns>Whether that has happened too often.</returns>
    public bool Failed(bool isAlone)
    {
        lock (_lock)
        {
            bool isOut = ++_failures >= maxFailures;
            _gives &= !isOut && (_hasGiven || !isAlone);
            return isOut;
        }
    }
}
