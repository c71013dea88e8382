namespace Ipdr.Server.Tests;

/// <summary>What a gateway may do instead of its work.</summary>
public enum UpstreamFailure
{
    Stalls,
    Unavailable,
    NotInTime,
    Lies,
}
