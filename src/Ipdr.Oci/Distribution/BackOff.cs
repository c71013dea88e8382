using System.Net;
using System.Security.Cryptography;
using Ipdr.Oci.Gateways;

namespace Ipdr.Oci.Distribution;

/// <summary>How long to wait before a request is sent again.</summary>
internal static class BackOff
{
    /// <summary>Whether the same request may well get another answer a little later.</summary>
    public static bool IsWorthwhile(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
        or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>The pause that the registry asks for, else twice the last one, with some chance in it, so that many clients do not come back at once.</summary>
    /// <param name="attempt">How often it was sent, from 1.</param>
    /// <param name="answer">The refusal; null if there was none.</param>
    /// <param name="options">The bounds.</param>
    /// <returns>Null if the registry asks for more than is waited for.</returns>
    public static TimeSpan? Next(int attempt, HttpResponseMessage? answer, RegistryOptions options)
    {
        if (RetryDelay.Read(answer, options.Clock) is { } asked)
            return asked <= options.MaxPause ? asked : null;
        double factor = Math.Pow(2, attempt - 1) * RandomNumberGenerator.GetInt32(750, 1250) / 1000.0;
        return TimeSpan.FromTicks((long)Math.Min(options.FirstPause.Ticks * factor, options.MaxPause.Ticks));
    }
}
