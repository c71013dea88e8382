using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ipdr.Oci.Distribution.Credentials;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Distribution;

/// <summary>Shows a registry what it asks for: a password, or tokens of a token server, which are fetched again before they expire. Safe for several threads.</summary>
internal sealed class Authorizer(ImageReference image, RegistryOptions options, PatientHttp http) : IDisposable
{
    // The default of the specification, and how long before its end a token is not used any more.
    private static readonly TimeSpan DefaultLife = TimeSpan.FromSeconds(60), Margin = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _lock = new(1);
    private readonly ConcurrentDictionary<string, Token> _tokens = [];
    private AuthChallenge? _challenge;
    private Credential? _credential;
    private bool _asked;

    /// <summary>Are there any credentials?</summary>
    public bool HasCredentials => _credential is not null;

    /// <summary>What to show at once; null as long as the registry has not asked.</summary>
    /// <param name="scopes">What is to be done, as token servers have it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<AuthenticationHeaderValue?> HeaderAsync(IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        if (_challenge is not { } challenge)
            return null;
        if (_credential is { Kind: CredentialKind.RegistryToken } shown)
            return new AuthenticationHeaderValue("Bearer", shown.Secret);
        if (challenge.Scheme == "basic")
            return Basic();
        string key = string.Join(' ', scopes);
        if (IsFresh(key, out Token token))
            return new AuthenticationHeaderValue("Bearer", token.Value);
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!IsFresh(key, out token))
                _tokens[key] = token = await FetchAsync(challenge, scopes, cancellationToken).ConfigureAwait(false);
            return new AuthenticationHeaderValue("Bearer", token.Value);
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>Takes in what the registry asks for.</summary>
    /// <param name="answer">A refusal.</param>
    /// <param name="scopes">What was to be done.</param>
    /// <param name="sent">What was shown; what is shown now is another.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False if there is nothing else to show.</returns>
    /// <exception cref="IpdrException">What there is to be shown cannot be had.</exception>
    public async ValueTask<bool> RespondAsync(HttpResponseMessage answer, IReadOnlyList<string> scopes, AuthenticationHeaderValue? sent, CancellationToken cancellationToken)
    {
        AuthChallenge[] challenges = [.. answer.Headers.NonValidated.TryGetValues("WWW-Authenticate", out HeaderStringValues headers) ? headers.SelectMany(AuthChallenge.Read) : []];
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_asked)
            {
                _credential = await options.Credentials.FindAsync(image, cancellationToken).ConfigureAwait(false);
                _asked = true;
            }
            AuthChallenge? chosen = challenges.FirstOrDefault(challenge => challenge.Scheme == "bearer" && challenge.Parameters.ContainsKey("realm"))
                ?? challenges.FirstOrDefault(challenge => challenge.Scheme == "basic" && _credential is { Kind: CredentialKind.Password });
            if (chosen is null)
                return false;
            _challenge = chosen;
            // A token that was refused is of no more use; another thread may have fetched the next already.
            string key = string.Join(' ', scopes);
            if (sent?.Scheme == "Bearer" && _tokens.TryGetValue(key, out Token token) && token.Value == sent.Parameter)
                _tokens.TryRemove(key, out _);
            return sent is null || chosen.Scheme == "bearer";
        }
        finally
        {
            _lock.Release();
        }
    }

    public void Dispose() => _lock.Dispose();

    private AuthenticationHeaderValue? Basic() => _credential is { Kind: CredentialKind.Password } credential
        ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Username}:{credential.Secret}")))
        : null;

    private bool IsFresh(string key, out Token token) => _tokens.TryGetValue(key, out token) && token.Expires > options.Clock.GetUtcNow();

    private async Task<Token> FetchAsync(AuthChallenge challenge, IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        string realm = challenge.Parameters["realm"];
        if (!Uri.TryCreate(realm, UriKind.Absolute, out Uri? uri) || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && (options.Insecure || uri.IsLoopback))))
            throw new IpdrException(new Fault(FaultCode.BadAnswer, "the registry sends to a token server that is not reached by https", RegistryFaults.Printable(realm), "Take --insecure if you know why."));
        string[] wanted = [.. scopes.Concat(challenge.Parameters.GetValueOrDefault("scope")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []).Distinct()];
        HttpRequestMessage Ask(Uri target) => _credential is { Kind: CredentialKind.IdentityToken } identity ? ByIdentity(target, challenge, wanted, identity)
            : target == uri ? ByQuery(uri, challenge, wanted)
            : new HttpRequestMessage(HttpMethod.Get, target) { Headers = { Authorization = RedirectRules.IsSameOrigin(target, uri) ? Basic() : null } };
        // Whoever has no token can do nothing, so a server that is busy is asked again as a registry is.
        return await WholeAnswer.ReadAsync(
            token => http.SendAsync(uri, Ask, canRepeat: true, CancellationToken.None, token), (answer, token) => ReadAsync(uri, answer, token), options, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Token> ReadAsync(Uri uri, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode)
            return Read(uri, await SmallBody.ReadAsync(answer, SmallBody.MaxBytes, options.Patience, cancellationToken).ConfigureAwait(false));
        string said = await SmallBody.ReasonAsync(answer, options.Patience, cancellationToken).ConfigureAwait(false);
        throw answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? RegistryFaults.Unauthorized(uri, answer.StatusCode, HasCredentials ? null : image.Host, said)
            : RegistryFaults.Refused(uri, answer.StatusCode, said, "the token server");
    }

    private HttpRequestMessage ByQuery(Uri realm, AuthChallenge challenge, IEnumerable<string> scopes)
    {
        List<string> query = [.. scopes.Select(scope => "scope=" + Uri.EscapeDataString(scope))];
        if (challenge.Parameters.GetValueOrDefault("service") is { } service)
            query.Insert(0, "service=" + Uri.EscapeDataString(service));
        if (_credential is { Username.Length: > 0 } credential)
            query.Add("account=" + Uri.EscapeDataString(credential.Username));
        UriBuilder target = new(realm);
        target.Query = string.Join('&', target.Query.Length > 1 ? query.Prepend(target.Query[1..]) : query);
        return new HttpRequestMessage(HttpMethod.Get, target.Uri) { Headers = { Authorization = Basic() } };
    }

    private static HttpRequestMessage ByIdentity(Uri realm, AuthChallenge challenge, IEnumerable<string> scopes, Credential identity) => new(HttpMethod.Post, realm)
    {
        Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = identity.Secret,
            ["service"] = challenge.Parameters.GetValueOrDefault("service") ?? "",
            ["scope"] = string.Join(' ', scopes),
            ["client_id"] = "ipdr",
        }),
    };

    private Token Read(Uri realm, ReadOnlyMemory<byte> body)
    {
        try
        {
            TokenAnswer? answer = JsonSerializer.Deserialize(body.Span, DistributionJson.Default.TokenAnswer);
            if ((answer?.Token is { Length: > 0 } token ? token : answer?.AccessToken) is { Length: > 0 } value && !value.Any(char.IsControl))
            {
                TimeSpan life = answer!.ExpiresIn is > 0 and < 1e9 ? TimeSpan.FromSeconds(answer.ExpiresIn.Value) : DefaultLife;
                return new Token(value, options.Clock.GetUtcNow() + life - (life > 2 * Margin ? Margin : life / 2));
            }
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw RegistryFaults.BadAnswer(realm, "what the token server gives is no token");
    }
}
