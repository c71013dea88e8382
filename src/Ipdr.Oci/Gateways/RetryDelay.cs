using System.Globalization;
using System.Net.Http.Headers;

namespace Ipdr.Oci.Gateways;

/// <summary>Reads Retry-After (RFC 9110, section 10.2.3).</summary>
internal static class RetryDelay
{
    /// <summary>How long to stay away; null if the answer does not say, and never negative.</summary>
    /// <param name="answer">The answer; null for none.</param>
    /// <param name="clock">Tells the time that a date is held against.</param>
    public static TimeSpan? Read(HttpResponseMessage? answer, TimeProvider clock)
    {
        if (answer is null || !answer.Headers.NonValidated.TryGetValues("Retry-After", out HeaderStringValues values))
            return null;
        // The platform takes a number that is too large for it for none.
        string text = values.ToString().Trim();
        if (text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        TimeSpan? delay = answer.Headers.RetryAfter?.Date - clock.GetUtcNow();
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
    }
}
