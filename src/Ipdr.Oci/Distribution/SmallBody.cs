using System.Text.Json;

namespace Ipdr.Oci.Distribution;

/// <summary>Bodies that are read whole, within a bound.</summary>
internal static class SmallBody
{
    /// <summary>What tools take of an error or a token, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    private const int FirstBytes = 16 << 10;

    /// <summary>Reads the body, and at most one byte more than <paramref name="maxBytes"/>. The answer stays the caller's.</summary>
    /// <exception cref="Faults.IpdrException">The connection stalls or breaks.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage answer, int maxBytes, TimeSpan patience, CancellationToken cancellationToken)
    {
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(patience);
        try
        {
            Stream body = await answer.Content.ReadAsStreamAsync(waiting.Token).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                byte[] content = new byte[Math.Min(FirstBytes, maxBytes + 1)];
                int length = 0;
                for (int count; length <= maxBytes && (count = await body.ReadAsync(content.AsMemory(length), waiting.Token).ConfigureAwait(false)) > 0;)
                {
                    length += count;
                    if (length == content.Length && length <= maxBytes)
                        Array.Resize(ref content, (int)Math.Min(2L * length, maxBytes + 1L));
                }
                return content.AsMemory(0, length);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw RegistryFaults.Stalled(answer.RequestMessage!.RequestUri!, patience, e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw RegistryFaults.Unreachable(answer.RequestMessage!.RequestUri!, e);
        }
    }

    /// <summary>Why the registry refuses, in its own words; empty where it says nothing that fits in a line.</summary>
    public static async Task<string> ReasonAsync(HttpResponseMessage answer, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte> body = await ReadAsync(answer, MaxBytes, patience, cancellationToken).ConfigureAwait(false);
            if (JsonSerializer.Deserialize(body.Span, DistributionJson.Default.ErrorAnswer)?.Errors is { Count: > 0 } errors)
                return string.Join("; ", errors.Select(error => error.Message is { Length: > 0 } message ? message : error.Code));
            return "";
        }
        catch (Exception e) when (e is JsonException or Faults.IpdrException)
        {
            // The status says enough.
            return "";
        }
    }
}
