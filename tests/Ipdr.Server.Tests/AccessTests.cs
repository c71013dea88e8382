using System.Net;
using System.Text;
using Ipdr.Oci.Faults;
using Ipdr.Server.Access;

namespace Ipdr.Server.Tests;

/// <summary>Who may do what.</summary>
public sealed class AccessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Htpasswd => _folder["htpasswd"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_user_who_is_known_nothing_is_seen()
    {
        await using TestRegistry registry = await StartAsync(policy => policy);
        using HttpResponseMessage answer = await registry.GetAsync("/v2/").IsAsync(HttpStatusCode.Unauthorized);
        Assert.StartsWith("Basic realm=", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Equal("registry/2.0", answer.Header("Docker-Distribution-API-Version"));
        await registry.GetAsync("/v2/a/tags/list").RefusesAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        foreach (string wrong in (string[])["ann:wrong", "nobody:secret-a", "ann", ":", "ann:secret-b"])
            await registry.GetAsync("/v2/", As(wrong)).RefusesAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        await registry.GetAsync("/v2/", ("Authorization", "Basic !!!")).RefusesAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        await registry.GetAsync("/v2/", ("Authorization", "Bearer x")).RefusesAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        await registry.GetAsync("/v2/", ("Authorization", "Basic " + new string('A', 5000))).RefusesAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        for (int again = 0; again < 2; again++)
        {
            using HttpResponseMessage right = await registry.GetAsync("/v2/", As("ann:secret-a")).IsAsync(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Pulling_and_pushing_are_rights_of_their_own()
    {
        await using TestRegistry registry = await StartAsync(policy => policy with { Pushers = new HashSet<string> { "ann" } });
        using (await registry.SendAsync(HttpMethod.Post, "/v2/a/blobs/uploads/", null, As("ann:secret-a")).IsAsync(HttpStatusCode.Accepted))
        {
        }
        await registry.SendAsync(HttpMethod.Post, "/v2/a/blobs/uploads/", null, As("bob:secret-b")).RefusesAsync(HttpStatusCode.Forbidden, "DENIED");
        await registry.SendAsync(HttpMethod.Post, "/v2/a/blobs/uploads/").RefusesAsync(HttpStatusCode.Unauthorized, "UNAUTHORIZED");
        await registry.GetAsync("/v2/a/manifests/1", As("bob:secret-b")).RefusesAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
    }

    [Fact]
    public async Task The_file_is_read_again_when_it_changes()
    {
        await using TestRegistry registry = await StartAsync(policy => policy);
        using (await registry.GetAsync("/v2/", As("ann:secret-a")).IsAsync(HttpStatusCode.OK))
        {
        }
        await File.WriteAllTextAsync(Htpasswd, "bob:" + BCrypt.Net.BCrypt.HashPassword("secret-b", 4), TestRegistry.Cancellation);
        File.SetLastWriteTimeUtc(Htpasswd, DateTime.UtcNow.AddSeconds(5));
        HttpStatusCode status = HttpStatusCode.OK;
        for (int attempt = 0; attempt < 100 && status == HttpStatusCode.OK; attempt++)
        {
            await Task.Delay(50, TestRegistry.Cancellation);
            using HttpResponseMessage answer = await registry.GetAsync("/v2/", As("ann:secret-a"));
            status = answer.StatusCode;
        }
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        using HttpResponseMessage bob = await registry.GetAsync("/v2/", As("bob:secret-b")).IsAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("ann:plain")]
    [InlineData("ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=")]
    [InlineData("ann")]
    [InlineData("ann:$2y$xx$abcdefghijklmnopqrstuuAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("ann:$2y$32$abcdefghijklmnopqrstuuAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData(":$2y$05$abcdefghijklmnopqrstuuAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_file_with_another_line_than_a_bcrypt_hash_is_refused(string line)
    {
        await File.WriteAllTextAsync(Htpasswd, "# users\n\n" + line, TestRegistry.Cancellation);
        IpdrException refused = Assert.Throws<IpdrException>(() => HtpasswdFile.Read(Htpasswd));
        Assert.Contains("line 3", refused.Fault.Where, StringComparison.Ordinal);
    }

    private async Task<TestRegistry> StartAsync(Func<AccessPolicy, AccessPolicy> change)
    {
        await File.WriteAllLinesAsync(
            Htpasswd, ["# users", "ann:" + BCrypt.Net.BCrypt.HashPassword("secret-a", 4), "bob:" + BCrypt.Net.BCrypt.HashPassword("secret-b", 4)], TestRegistry.Cancellation);
        return await TestRegistry.StartAsync(options => options with { Access = change(new AccessPolicy(Htpasswd)) });
    }

    private static (string, string) As(string credentials) => ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
}
