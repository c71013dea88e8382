using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Distribution;

/// <summary>Answers that are read to their end before anything is made of them, so that one which breaks off can be asked for again.</summary>
internal static class WholeAnswer
{
    /// <summary>Sends a request, which changes nothing, until its answer was read.</summary>
    /// <param name="send">Sends it, as often as sending is worth while.</param>
    /// <param name="read">Reads the answer, which is disposed of afterwards.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">There is no answer, it breaks off again and again, or is refused by <paramref name="read"/>.</exception>
    public static async Task<T> ReadAsync<T>(
        Func<CancellationToken, Task<HttpResponseMessage>> send, Func<HttpResponseMessage, CancellationToken, Task<T>> read, RegistryOptions options, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            using HttpResponseMessage answer = await send(cancellationToken).ConfigureAwait(false);
            try
            {
                return await read(answer, cancellationToken).ConfigureAwait(false);
            }
            catch (IpdrException e) when (e.Fault.Code == FaultCode.RegistryUnreachable && attempt < options.MaxAttempts)
            {
                // The pause below is for this.
            }
            await Task.Delay(BackOff.Next(attempt, null, options)!.Value, options.Clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
