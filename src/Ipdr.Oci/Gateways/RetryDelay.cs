using System.Net.Http.Headers;

namespace Ipdr.Oci.Gateways;

/// <summary>Reads Retry-After (RFC 9110, section 10.2.3).</summary>
internal static class RetryDelay
{
    /// <summary>How long to stay away; null if the answer does not say, and never negative.</summary>
    /// <param name="value">The header.</param>
    /// <param name="clock">Tells the time that a date is held against.</param>
    public static TimeSpan? Read(RetryConditionHeaderValue? value, TimeProvider clock)
    {
        TimeSpan? delay = value?.Delta ?? (value?.Date is { } date ? date - clock.GetUtcNow() : null);
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
    }
}
