using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using Ipdr.Oci.Distribution.Credentials;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Distribution;

/// <summary>Sends requests to one registry: finds where it answers, and shows what it asks for. Safe for several threads.</summary>
internal sealed class RegistryTransport : IDisposable
{
    private const string HubAddress = "registry-1.docker.io";

    // Nothing is shown first; then a token may have expired just now, and the next be for too little.
    private const int MaxRounds = 3;

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(10);

    private readonly RegistryOptions _options;
    private readonly ImageReference _image;
    private readonly string _host;
    private readonly PatientHttp _http;
    private readonly Authorizer _authorizer;
    private readonly RegistryTrust? _trust;
    private readonly SemaphoreSlim _finding = new(1);
    private Uri? _address;

    /// <exception cref="IpdrException">No registry can have that address, or what is kept for it cannot be used.</exception>
    public RegistryTransport(ImageReference image, RegistryOptions options)
    {
        (_options, _image) = (options, image);
        _host = image.Host == ImageReference.DockerHub ? HubAddress : image.Host;
        // A port may have any number of digits in a name.
        IsLoopback = Uri.TryCreate($"https://{_host}", UriKind.Absolute, out Uri? address) ? address.IsLoopback
            : throw new IpdrException(new Fault(FaultCode.BadReference, $"\"{_host}\" cannot be the address of a registry", image.Familiar, "A port is a number up to 65535."));
        _trust = options.Certificates.Find(image.Host);
        _http = new PatientHttp(Handler(), options);
        _authorizer = new Authorizer(image, options, _http);
    }

    /// <summary>Is it on this machine? Then plain HTTP does.</summary>
    public bool IsLoopback { get; }

    public RegistryOptions Options => _options;

    /// <summary>Has the registry asked who we are, and is there an answer?</summary>
    public bool ShowsCredentials => _authorizer.HasCredentials;

    /// <summary>Where the registry answers.</summary>
    /// <exception cref="IpdrException">It does not.</exception>
    public async ValueTask<Uri> AddressAsync(CancellationToken cancellationToken)
    {
        if (_address is not null)
            return _address;
        await _finding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _address ??= await FindAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _finding.Release();
        }
    }

    /// <summary>Sends a request until there is an answer that is worth something. The answer is the caller's, whatever its status.</summary>
    /// <exception cref="IpdrException">There is none, or what is to be shown cannot be had.</exception>
    public async Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        Uri address = await AddressAsync(cancellationToken).ConfigureAwait(false);
        Uri target = request.Target.IsAbsoluteUri ? request.Target : new Uri(address, request.Target);
        for (int round = 1; ; round++)
        {
            AuthenticationHeaderValue? shown = await _authorizer.HeaderAsync(request.Scopes, cancellationToken).ConfigureAwait(false);
            // What is shown to the registry is nobody else's business.
            HttpResponseMessage answer = await _http.SendAsync(
                target, to => request.ToMessage(to, RedirectRules.IsSameOrigin(to, address) ? shown : null), request.CanRepeat, request.Patience, cancellationToken).ConfigureAwait(false);
            // Nor is it their business to say where passwords are to be shown.
            if (answer.StatusCode != HttpStatusCode.Unauthorized || !RedirectRules.IsSameOrigin(answer.RequestMessage!.RequestUri!, address)
                || round == MaxRounds || (round > 1 && shown is null)
                || !await _authorizer.RespondAsync(answer, request.Scopes, shown, cancellationToken).ConfigureAwait(false))
                return answer;
            answer.Dispose();
        }
    }

    /// <inheritdoc cref="WholeAnswer.ReadAsync"/>
    /// <param name="request">Changes nothing.</param>
    /// <param name="read">Reads the answer, which is disposed of afterwards.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<T> ReadAsync<T>(RegistryRequest request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        WholeAnswer.ReadAsync(token => SendAsync(request, token), read, _options, cancellationToken);

    /// <summary>Waits.</summary>
    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) => Task.Delay(pause, _options.Clock, cancellationToken);

    /// <summary>Refuses an answer that is no success; the answer stays the caller's.</summary>
    /// <exception cref="IpdrException">It is none.</exception>
    public async Task RequireAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode)
            return;
        Uri uri = answer.RequestMessage!.RequestUri!;
        string said = await SmallBody.ReasonAsync(answer, _options.Patience, cancellationToken).ConfigureAwait(false);
        if (_address is { } address && !RedirectRules.IsSameOrigin(uri, address))
            throw RegistryFaults.Refused(uri, answer.StatusCode, said, "the server that the registry sends to");
        throw answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? RegistryFaults.Unauthorized(uri, answer.StatusCode, _authorizer.HasCredentials ? null : _image.Host, said)
            : RegistryFaults.Refused(uri, answer.StatusCode, said);
    }

    /// <inheritdoc cref="PatientHttp.Resolve"/>
    public Uri Resolve(Uri from, Uri location) => _http.Resolve(from, location);

    public void Dispose()
    {
        _authorizer.Dispose();
        _http.Dispose();
        _trust?.Dispose();
        _finding.Dispose();
    }

    private async Task<Uri> FindAsync(CancellationToken cancellationToken)
    {
        Uri safe = new($"https://{_host}/"), plain = new($"http://{_host}/");
        if (!IsLoopback && !_options.Insecure)
            return safe;
        // On this machine plain HTTP is the rule; elsewhere the exception.
        Uri first = IsLoopback ? plain : safe, second = IsLoopback ? safe : plain;
        try
        {
            await ProbeAsync(first, cancellationToken).ConfigureAwait(false);
            return first;
        }
        catch (IpdrException e)
        {
            try
            {
                await ProbeAsync(second, cancellationToken).ConfigureAwait(false);
                return second;
            }
            catch (IpdrException)
            {
                throw new IpdrException(e.Faults, e);
            }
        }
    }

    // A server that wants TLS answers plain HTTP with 400, or not at all.
    private async Task ProbeAsync(Uri address, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(ProbeTimeout, _options.Clock);
        using HttpRequestMessage message = new(HttpMethod.Get, new Uri(address, "v2/"));
        using HttpResponseMessage answer = await _http.SendOnceAsync(message, patience.Token, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.BadRequest)
            throw RegistryFaults.BadAnswer(message.RequestUri!, "it does not answer as a registry does");
    }

    private SocketsHttpHandler Handler()
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            Proxy = EnvironmentProxy.OfProcess,
            ConnectTimeout = _options.ConnectTimeout,
            MaxResponseHeadersLength = 64,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            EnableMultipleHttp2Connections = true,
        };
        _trust?.Configure(handler.SslOptions);
        if (_options.Insecure || IsLoopback)
        {
#pragma warning disable CA5359 // On this machine, or because the user said so; every byte is checked against its digest anyway.
            handler.SslOptions.RemoteCertificateValidationCallback = (sender, _, _, errors) => errors == SslPolicyErrors.None || _options.Insecure || IsLoopback;
#pragma warning restore CA5359
        }
        return handler;
    }
}
