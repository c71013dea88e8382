namespace Ipdr.Server.Operations;

/// <summary>Counts the requests that are worked on, up to a limit.</summary>
internal sealed class RequestGate(int limit)
{
    private int _inside;

    /// <summary>Lets a request in; false if there are too many.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _inside) <= limit)
            return true;
        Interlocked.Decrement(ref _inside);
        return false;
    }

    /// <summary>A request that was let in has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _inside);
}
