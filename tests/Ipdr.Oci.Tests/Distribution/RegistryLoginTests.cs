using Ipdr.Oci.Distribution;
using Ipdr.Oci.Distribution.Credentials;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>A name and a password are tried out at the registry, or at the token server that it sends to.</summary>
public sealed class RegistryLoginTests : RegistryTest
{
    private static readonly Credential Right = new("me", "right"), Wrong = new("me", "wrong");

    [Fact]
    public async Task A_registry_that_asks_for_a_password_is_shown_it()
    {
        Registry.Intercept = request => IsRight(request) ? null : new FakeAnswer(401, "", "WWW-Authenticate: Basic realm=\"x\"");
        Assert.True(await ProveAsync(Right));
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => ProveAsync(Wrong));
        Assert.Equal(FaultCode.Unauthorized, e.Fault.Code);
        Assert.Contains("Nothing was written", e.Fault.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_server_is_shown_it_in_the_registrys_place()
    {
        Registry.Intercept = request => request.Path switch
        {
            "/token" => IsRight(request) ? new FakeAnswer(200, """{"token":"t"}""") : new FakeAnswer(401),
            _ => request["authorization"] == "Bearer t" ? null : new FakeAnswer(401, "", $"WWW-Authenticate: Bearer realm=\"http://{Registry.Authority}/token\",service=\"x\""),
        };
        Assert.True(await ProveAsync(Right));
        Assert.Equal("service=x&account=me", Registry.Asked("GET", "/token").Single().Query);
        Assert.Equal(FaultCode.Unauthorized, (await Assert.ThrowsAsync<IpdrException>(() => ProveAsync(Wrong))).Fault.Code);
    }

    [Fact]
    public async Task A_registry_that_asks_nobody_proves_nothing()
    {
        Assert.False(await ProveAsync(Wrong));
        Assert.All(Registry.Requests, request => Assert.Null(request["authorization"]));
    }

    [Fact]
    public async Task What_is_no_registry_is_told()
    {
        Registry.Intercept = _ => new FakeAnswer(404);
        Assert.Equal(FaultCode.RegistryFailed, (await Assert.ThrowsAsync<IpdrException>(() => ProveAsync(Right))).Fault.Code);
    }

    private static bool IsRight(FakeRequest request) => request["authorization"] == "Basic " + Convert.ToBase64String("me:right"u8);

    private Task<bool> ProveAsync(Credential credential) => RegistryLogin.ProveAsync(RegistryAddress.Parse(Registry.Authority), credential, Quick, Cancellation);
}
