namespace Ipdr.Oci.Faults;

/// <summary>The one exception family of the library: it carries every <see cref="Fault"/> that stopped the work.</summary>
public class IpdrException : Exception
{
    /// <summary>One fault stopped the work.</summary>
    public IpdrException(Fault fault, Exception? inner = null)
        : this([fault], inner)
    {
    }

    /// <summary>Several faults, found in one run, stopped the work.</summary>
    /// <exception cref="ArgumentException"><paramref name="faults"/> is empty.</exception>
    public IpdrException(IReadOnlyList<Fault> faults, Exception? inner = null)
        : base(Compose(faults), inner)
    {
        Faults = faults;
    }

    /// <summary>What is wrong, at least one, in the order of the input.</summary>
    public IReadOnlyList<Fault> Faults { get; }

    /// <summary>The first fault.</summary>
    public Fault Fault => Faults[0];

    private static string Compose(IReadOnlyList<Fault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        ArgumentOutOfRangeException.ThrowIfZero(faults.Count);
        return string.Join('\n', faults);
    }
}
