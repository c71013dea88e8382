using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways;

namespace Ipdr.Oci.Distribution;

/// <summary>HTTP as registries and their token servers need it: waits within bounds, follows where it is sent, comes back when it is told to. Safe for several threads.</summary>
/// <param name="handler">Makes the connections; disposed of with this.</param>
/// <param name="options">The bounds.</param>
internal sealed class PatientHttp(HttpMessageHandler handler, RegistryOptions options) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(handler);

    /// <summary>Sends a request until there is an answer that is worth something. The answer is the caller's, whatever its status.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="ask">Makes the request for this address, or for where it sends.</param>
    /// <param name="canRepeat">May it be sent again when nobody knows what became of it?</param>
    /// <param name="patience">Ends the waiting for an answer, instead of the usual patience, where it can.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">There is no answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(Uri target, Func<Uri, HttpRequestMessage> ask, bool canRepeat, CancellationToken patience, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            bool isLast = !canRepeat || attempt >= options.MaxAttempts;
            HttpResponseMessage? answer = null;
            try
            {
                answer = await FollowAsync(target, ask, patience, cancellationToken).ConfigureAwait(false);
                if (isLast || !BackOff.IsWorthwhile(answer.StatusCode))
                    return answer;
            }
            catch (IpdrException e) when (e.Fault.Code == FaultCode.RegistryUnreachable && !isLast)
            {
                // The pause below is for this, too.
            }
            if (BackOff.Next(attempt, answer, options) is not { } pause)
                return answer!;
            answer?.Dispose();
            await Task.Delay(pause, options.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a request once, and follows nothing. The answer is the caller's.</summary>
    /// <param name="request">The request.</param>
    /// <param name="patience">Ends the waiting for an answer, instead of the usual patience, where it can.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">There is no answer.</exception>
    public async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken patience, CancellationToken cancellationToken)
    {
        EnvironmentProxy.OfProcess.RequireFor(request.RequestUri!);
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience);
        if (!patience.CanBeCanceled)
            waiting.CancelAfter(options.Patience);
        try
        {
            return await _http.SendAsync(request, waiting.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw RegistryFaults.Stalled(request.RequestUri!, options.Patience, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw RegistryFaults.Unreachable(request.RequestUri!, e);
        }
    }

    /// <summary>An address that an answer gave, which must not be less safe than the one that was asked.</summary>
    /// <exception cref="IpdrException">It is.</exception>
    public Uri Resolve(Uri from, Uri location)
    {
        Uri to = location.IsAbsoluteUri ? location : new Uri(from, location);
        // A registry behind a proxy that ends TLS often does not know that it does.
        if (from.Scheme == Uri.UriSchemeHttps && to.Scheme == Uri.UriSchemeHttp && to.Host == from.Host)
            to = new UriBuilder(to) { Scheme = Uri.UriSchemeHttps, Port = to.IsDefaultPort ? from.Port : to.Port }.Uri;
        return !options.Insecure && RedirectRules.Objection(from, to) is { } objection ? throw RegistryFaults.BadAnswer(from, objection, actual: RegistryFaults.Shown(to)) : to;
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> FollowAsync(Uri target, Func<Uri, HttpRequestMessage> ask, CancellationToken patience, CancellationToken cancellationToken)
    {
        for (int redirects = 0; ; redirects++)
        {
            using HttpRequestMessage request = ask(target);
            HttpResponseMessage answer = await SendOnceAsync(request, patience, cancellationToken).ConfigureAwait(false);
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head))
                return answer;
            using (answer)
            {
                if (redirects >= options.MaxRedirects || answer.Headers.Location is not { } location)
                    throw RegistryFaults.BadAnswer(target, answer.Headers.Location is null ? "it redirects to nowhere" : $"it redirects more than {options.MaxRedirects} times");
                target = Resolve(request.RequestUri!, location);
            }
        }
    }
}
