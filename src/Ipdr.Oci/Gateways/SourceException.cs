using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Gateways;

/// <summary>A place on the network did not give what it was asked for.</summary>
/// <param name="failure">The kind of failure.</param>
/// <param name="fault">What happened, for people.</param>
/// <param name="inner">The cause.</param>
public sealed class SourceException(SourceFailure failure, Fault fault, Exception? inner = null) : IpdrException(fault, inner)
{
    /// <summary>The kind of failure.</summary>
    public SourceFailure Failure => failure;

    /// <summary>How long to stay away, where it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
