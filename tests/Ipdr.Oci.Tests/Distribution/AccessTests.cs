using System.Text;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Distribution.Credentials;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>What a registry asks for is shown to it: passwords, tokens, tokens for tokens.</summary>
public sealed class AccessTests : RegistryTest
{
    private readonly TemporaryFolder _folder = new();

    public AccessTests() => Registry.AddManifest("1", Document.Write(new ImageManifest(2)
    {
        MediaType = MediaType.OciManifest,
        Config = new Descriptor(MediaType.OciConfig, Digest.OfContent(DigestAlgorithm.Sha256, "{}"u8), 2),
    }).ToArray(), MediaType.OciManifest);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_token_is_fetched_with_the_password_and_used_for_all_that_follows()
    {
        UseTokens(expiresIn: 300);
        RegistryClient client = Client(With("""{"auth":"dXNlcjpwYXNz"}"""));
        await client.GetManifestAsync("1", Cancellation);
        await client.GetManifestAsync("1", Cancellation);
        FakeRequest token = Assert.Single(Registry.Asked("GET", "/token"));
        Assert.Equal("Basic " + Convert.ToBase64String("user:pass"u8), token["authorization"]);
        Assert.Contains("scope=repository:team/app:pull", token.Query, StringComparison.Ordinal);
        Assert.Contains("service=test registry", token.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_gets_a_token_too_if_the_server_gives_any()
    {
        UseTokens(expiresIn: null);
        await Client().GetManifestAsync("1", Cancellation);
        Assert.Null(Assert.Single(Registry.Asked("GET", "/token"))["authorization"]);
    }

    [Fact]
    public async Task A_token_that_expires_is_fetched_again()
    {
        UseTokens(expiresIn: 1);
        RegistryClient client = Client();
        await client.GetManifestAsync("1", Cancellation);
        await Task.Delay(1100, Cancellation);
        await client.GetManifestAsync("1", Cancellation);
        Assert.Equal(2, Registry.Asked("GET", "/token").Count());
    }

    [Fact]
    public async Task A_token_that_is_refused_before_its_end_is_fetched_again()
    {
        UseTokens(expiresIn: 3000);
        RegistryClient client = Client();
        await client.GetManifestAsync("1", Cancellation);
        _valid = "2";
        await client.GetManifestAsync("1", Cancellation);
        Assert.Equal(2, Registry.Asked("GET", "/token").Count());
    }

    [Fact]
    public async Task An_identity_token_is_shown_to_the_token_server()
    {
        UseTokens(expiresIn: 300);
        await Client(With("""{"auth":"dXNlcjo=","identitytoken":"refresh"}""")).GetManifestAsync("1", Cancellation);
        Assert.Single(Registry.Asked("POST", "/token"));
    }

    [Fact]
    public async Task A_password_is_shown_to_who_asks_for_one()
    {
        Registry.Intercept = request => request["authorization"] == "Basic " + Convert.ToBase64String("user:pass"u8) || request.Path == "/v2/" ? null : new FakeAnswer(401, "", "WWW-Authenticate: Basic realm=\"x\"");
        await Client(With("""{"username":"user","password":"pass"}""")).GetManifestAsync("1", Cancellation);
        IpdrException none = await Assert.ThrowsAsync<IpdrException>(() => Client().GetManifestAsync("1", Cancellation)), wrong = await Assert.ThrowsAsync<IpdrException>(() => Client(With("""{"username":"user","password":"other"}""")).GetManifestAsync("1", Cancellation));
        Assert.Equal((FaultCode.Unauthorized, FaultCode.Unauthorized), (none.Fault.Code, wrong.Fault.Code));
        Assert.Contains("ipdr login", none.Fault.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("other", wrong.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer realm=\"http://token.example.com/\"")]
    [InlineData("Bearer realm=\"not an address\"")]
    public async Task A_token_server_that_is_not_safe_is_not_asked(string challenge)
    {
        Registry.Intercept = request => request.Path == "/v2/" ? null : new FakeAnswer(401, "", $"WWW-Authenticate: {challenge}");
        Assert.Equal(FaultCode.BadAnswer, (await Assert.ThrowsAsync<IpdrException>(() => Client().GetManifestAsync("1", Cancellation))).Fault.Code);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("{\"token\":\"a\\r\\nb\"}")]
    public async Task What_is_no_token_is_refused(string answer)
    {
        Registry.Intercept = request => request.Path == "/token" ? new FakeAnswer(200, answer) : request.Path == "/v2/" ? null : new FakeAnswer(401, "", $"WWW-Authenticate: Bearer realm=\"http://{Registry.Authority}/token\"");
        Assert.Equal(FaultCode.BadAnswer, (await Assert.ThrowsAsync<IpdrException>(() => Client().GetManifestAsync("1", Cancellation))).Fault.Code);
    }

    [Theory]
    [InlineData(503, "Retry-After: 0")]
    [InlineData(429, "Retry-After: 0")]
    [InlineData(500, "X-Reason: none")]
    public async Task A_token_server_that_is_busy_is_asked_again(int status, string header)
    {
        UseTokens(expiresIn: 300);
        Func<FakeRequest, FakeAnswer?> tokens = Registry.Intercept;
        int refusals = 2;
        Registry.Intercept = request => request.Path == "/token" && refusals-- > 0 ? new FakeAnswer(status, "", header) : tokens(request);
        await Client().GetManifestAsync("1", Cancellation);
        Assert.Equal(3, Registry.Asked("GET", "/token").Count());
    }

    [Fact]
    public async Task A_token_server_that_stays_busy_is_not_said_to_refuse_access()
    {
        UseTokens(expiresIn: 300);
        Func<FakeRequest, FakeAnswer?> tokens = Registry.Intercept;
        Registry.Intercept = request => request.Path == "/token" ? new FakeAnswer(503, "") : tokens(request);
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => Client().GetManifestAsync("1", Cancellation));
        Assert.Equal(FaultCode.RegistryFailed, e.Fault.Code);
        Assert.Contains("the token server answers 503", e.Fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_token_server_sends_the_password_does_not_follow()
    {
        await using FakeRegistry other = new();
        UseTokens(expiresIn: 300);
        Func<FakeRequest, FakeAnswer?> tokens = Registry.Intercept;
        other.Intercept = request => tokens(request);
        Registry.Intercept = request => request.Path == "/token" ? new FakeAnswer(302, "", $"Location: http://{other.Authority}/token?{request.Query}") : tokens(request);
        await Client(With("""{"auth":"dXNlcjpwYXNz"}""")).GetManifestAsync("1", Cancellation);
        Assert.NotNull(Assert.Single(Registry.Asked("GET", "/token"))["authorization"]);
        Assert.Null(Assert.Single(other.Asked("GET", "/token"))["authorization"]);
    }

    [Fact]
    public async Task A_token_server_that_breaks_off_is_told_apart_from_an_accident_of_ours()
    {
        UseTokens(expiresIn: 300);
        Func<FakeRequest, FakeAnswer?> tokens = Registry.Intercept;
        Registry.Intercept = request => request.Path == "/token" ? new FakeAnswer(200, "{\"token\":\"a\"}") { CutAfter = 5 } : tokens(request);
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => Client().GetManifestAsync("1", Cancellation));
        Assert.Equal(FaultCode.RegistryUnreachable, e.Fault.Code);
        Assert.EndsWith("/token", e.Fault.Where, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_breaks_off_is_asked_for_again()
    {
        UseTokens(expiresIn: 300);
        Func<FakeRequest, FakeAnswer?> tokens = Registry.Intercept;
        bool isFirst = true;
        Registry.Intercept = request =>
        {
            FakeAnswer? answer = tokens(request);
            bool breaksOff = request.Path == "/token" && isFirst;
            isFirst &= !breaksOff;
            return breaksOff ? answer! with { CutAfter = 5 } : answer;
        };
        await Client().GetManifestAsync("1", Cancellation);
        Assert.Equal(2, Registry.Asked("GET", "/token").Count());
    }

    [Theory]
    [InlineData("Basic realm=\"x\"")]
    [InlineData("Bearer realm=\"http://OTHER/token\"")]
    public async Task Where_a_registry_sends_nobody_may_ask_for_the_password(string challenge)
    {
        await using FakeRegistry other = new();
        other.Intercept = request => request.Path == "/token" ? new FakeAnswer(200, """{"token":"a"}""")
            : new FakeAnswer(401, "", $"WWW-Authenticate: {challenge.Replace("OTHER", other.Authority, StringComparison.Ordinal)}");
        Registry.Intercept = request => request.Path == "/v2/" ? null : new FakeAnswer(307, "", $"Location: http://{other.Authority}{request.Path}");
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => Client(With("""{"auth":"dXNlcjpwYXNz"}""")).GetManifestAsync("1", Cancellation));
        Assert.Equal(FaultCode.RegistryFailed, e.Fault.Code);
        Assert.All(other.Requests, request => Assert.Null(request["authorization"]));
        Assert.Single(other.Requests);
    }

    [Fact]
    public async Task Who_has_to_log_in_is_told_the_registry_and_not_the_token_server()
    {
        await using FakeRegistry tokens = new();
        tokens.Intercept = _ => new FakeAnswer(401, "");
        Registry.Intercept = request => request.Path == "/v2/" ? null : new FakeAnswer(401, "", $"WWW-Authenticate: Bearer realm=\"http://{tokens.Authority}/token\"");
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => Client().GetManifestAsync("1", Cancellation));
        Assert.Equal(FaultCode.Unauthorized, e.Fault.Code);
        Assert.Contains($"ipdr login {Registry.Authority}.", e.Fault.Remedy, StringComparison.Ordinal);
    }

    private string _valid = "1";
    private int _given;

    private void UseTokens(int? expiresIn) => Registry.Intercept = request => request.Path switch
    {
        "/token" => new FakeAnswer(200, "{\"access_token\":\"" + (_valid = Number(Interlocked.Increment(ref _given))) + "\"" + (expiresIn is { } life ? $",\"expires_in\":{life}" : "") + "}"),
        "/v2/" => null,
        _ when request["authorization"] == $"Bearer {_valid}" => null,
        _ => new FakeAnswer(401, "", $"WWW-Authenticate: Bearer realm=\"http://{Registry.Authority}/token\",service=\"test registry\",scope=\"repository:team/app:pull\""),
    };

    private RegistryOptions With(string entry)
    {
        string file = _folder.File("auth.json");
        File.WriteAllBytes(file, Encoding.UTF8.GetBytes("{\"auths\":{\"" + Registry.Authority + "\":" + entry + "}}"));
        return Quick with { Credentials = new CredentialStore(name => name == "REGISTRY_AUTH_FILE" ? file : null, _folder.Path) };
    }
}
