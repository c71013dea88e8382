using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Gateways;

/// <summary>A place that is talked to by HTTP: bounded waiting, redirects within reason, failures in words. Safe for several threads.</summary>
internal sealed class HttpPeer : IDisposable
{
    // An error's text is for a message, not for keeping.
    private const int MaxErrorBytes = 4 << 10;

    private readonly HttpMessageInvoker _http;
    private readonly SourceOptions _options;
    private readonly AuthenticationHeaderValue? _authorization;

    /// <param name="address">Its base; a name and password in it are sent, and shown nowhere.</param>
    /// <param name="options">How it is talked to.</param>
    /// <param name="bearer">A token to show, instead of name and password.</param>
    /// <param name="socket">A Unix socket to connect to, whatever the address says.</param>
    /// <exception cref="IpdrException">A proxy is to be asked, and its address cannot be read (<see cref="FaultCode.BadSettings"/>).</exception>
    public HttpPeer(Uri address, SourceOptions options, string? bearer = null, string? socket = null)
    {
        _options = options;
        _authorization = bearer is not null ? new AuthenticationHeaderValue("Bearer", bearer)
            : address.UserInfo.Length > 0 ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))))
            : null;
        Address = new UriBuilder(address) { UserName = "", Password = "", Query = "", Fragment = "" }.Uri;
        Name = socket is null ? Address.GetLeftPart(UriPartial.Path).TrimEnd('/') : $"unix:{socket}";
        if (socket is null)
            EnvironmentProxy.OfProcess.RequireFor(Address);
        _http = new HttpMessageInvoker(Handler(options, socket));
    }

    /// <summary>The base, without a name and password.</summary>
    public Uri Address { get; }

    /// <summary>The base as it stands in messages.</summary>
    public string Name { get; }

    public SourceOptions Options => _options;

    /// <summary>Asks, and follows redirects; whatever the status is then, the answer is the caller's.</summary>
    /// <param name="relative">Path and query below the base.</param>
    /// <param name="accept">The media types that are understood, as the header has them; null for any.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SourceException">There is no answer in time, or it sends to where nobody should go.</exception>
    public async Task<HttpResponseMessage> GetAsync(string relative, string? accept, CancellationToken cancellationToken)
    {
        Uri target = Resolve(relative);
        for (int redirects = 0; ; redirects++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, target);
            if (accept is not null)
                request.Headers.TryAddWithoutValidation("Accept", accept);
            HttpResponseMessage answer = await SendAsync(request, _options.Patience, cancellationToken).ConfigureAwait(false);
            if (answer.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                return answer;
            using (answer)
                target = Follow(target, answer.Headers.Location, redirects);
        }
    }

    /// <summary>Sends a request once. The answer's body is still to be read.</summary>
    /// <param name="request">The request; who asks is added to it.</param>
    /// <param name="patience">How long the answer may take to begin.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SourceException">There is no answer in time.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TimeSpan patience, CancellationToken cancellationToken)
    {
        request.Headers.UserAgent.ParseAdd(_options.UserAgent);
        // Many blocks over one connection, where the peer can do that.
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        if (_authorization is not null && RedirectRules.IsSameOrigin(request.RequestUri!, Address))
            request.Headers.Authorization = _authorization;
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(patience);
        try
        {
            return await _http.SendAsync(request, waiting.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw SourceFaults.Stalled(Name, patience, e);
        }
        catch (HttpRequestException e)
        {
            throw e.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse ? SourceFaults.CutOff(Name, Reason(e), e)
                : e is { HttpRequestError: HttpRequestError.Unknown, InnerException: IOException broken } ? SourceFaults.HungUp(Name, broken.GetBaseException().Message, e)
                : SourceFaults.Unreachable(Name, Reason(e), e);
        }
        catch (IOException e)
        {
            throw SourceFaults.CutOff(Name, e.Message, e);
        }
    }

    /// <summary>The body of an answer, which goes with it.</summary>
    public async Task<PacedStream> OpenBodyAsync(HttpResponseMessage answer, TimeSpan patience, CancellationToken cancellationToken) =>
        new(
            answer, await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), patience, TimeProvider.System,
            e => SourceFaults.Stalled(Name, patience, e), e => SourceFaults.CutOff(Name, e.Message, e));

    /// <summary>Reads a small document, and no more than is allowed.</summary>
    /// <exception cref="SourceException">It is larger, or does not come whole.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadDocumentAsync(HttpResponseMessage answer, int maxBytes, CancellationToken cancellationToken)
    {
        PacedStream body = await OpenBodyAsync(answer, _options.Patience, cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            byte[] document = new byte[Math.Min(answer.Content.Headers.ContentLength + 1 ?? MaxErrorBytes, maxBytes + 1L)];
            int length = 0;
            for (int count; (count = await body.ReadAsync(document.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0;)
            {
                length += count;
                if (length > maxBytes)
                    throw SourceFaults.Misbehaves(Name, $"it answers with more than {maxBytes} bytes");
                if (length == document.Length)
                    Array.Resize(ref document, (int)Math.Min(2L * length, maxBytes + 1L));
            }
            return document.AsMemory(0, length);
        }
    }

    /// <summary>The exception for an answer that is no success; the answer is disposed of.</summary>
    public async Task<SourceException> RefusedAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using (answer)
        {
            if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
                return SourceFaults.Throttles(Name, answer.StatusCode, RetryDelay.Read(answer, TimeProvider.System));
            return SourceFaults.Refused(Name, answer.StatusCode, await ErrorTextAsync(answer, cancellationToken).ConfigureAwait(false));
        }
    }

    public Uri Resolve(string relative)
    {
        string path = Address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return new Uri($"{path}/{relative}");
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Handler(SourceOptions options, string? socket)
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            Proxy = EnvironmentProxy.OfProcess,
            ConnectTimeout = options.ConnectTimeout,
            MaxResponseHeadersLength = 64,
            // Names may lead elsewhere after a while.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            EnableMultipleHttp2Connections = true,
        };
        if (socket is not null)
        {
            handler.UseProxy = false;
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken).ConfigureAwait(false);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            };
        }
        return handler;
    }

    private Uri Follow(Uri from, Uri? location, int redirects)
    {
        if (location is null)
            throw SourceFaults.Misbehaves(Name, "it redirects to nowhere");
        Uri to = location.IsAbsoluteUri ? location : new Uri(from, location);
        if (redirects >= _options.MaxRedirects)
            throw SourceFaults.Misbehaves(Name, $"it redirects more than {_options.MaxRedirects} times");
        return RedirectRules.Objection(from, to) is { } objection ? throw SourceFaults.Misbehaves(Name, objection, actual: to.GetLeftPart(UriPartial.Path)) : to;
    }

    private static string Reason(HttpRequestException e) => e.InnerException switch
    {
        SocketException socket => socket.Message,
        AuthenticationException tls => tls.Message,
        _ => e.Message,
    };

    private async Task<string?> ErrorTextAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        // A page for browsers says nothing that fits in a line.
        if (answer.Content.Headers.ContentType?.MediaType is "text/html")
            return null;
        byte[] text = new byte[MaxErrorBytes];
        try
        {
            PacedStream body = await OpenBodyAsync(answer, _options.Patience, cancellationToken).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
                return Encoding.UTF8.GetString(text, 0, await body.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false));
        }
        catch (SourceException)
        {
            // The status says enough.
            return null;
        }
    }
}
