using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>Is told what becomes of a pool's sources. Calls come from several threads, and must not take long.</summary>
public interface IPoolObserver
{
    /// <summary>A source is not asked any more.</summary>
    /// <param name="source">Its name.</param>
    /// <param name="reason">What it did.</param>
    void Dropped(string source, Fault reason);

    /// <summary>A source asked to be left alone for a while.</summary>
    /// <param name="source">Its name.</param>
    /// <param name="delay">For how long.</param>
    void SetAside(string source, TimeSpan delay);
}
