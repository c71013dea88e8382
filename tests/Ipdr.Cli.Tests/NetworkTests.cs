using System.Diagnostics;
using Ipdr.Oci.Car;
using Ipdr.Oci.Tests.Distribution;
using Ipdr.Oci.Tests.Gateways;

namespace Ipdr.Cli.Tests;

/// <summary>Registries and gateways behind TLS that only we trust, and behind a proxy, which alone knows where they are.</summary>
public sealed class NetworkTests : IAsyncLifetime
{
    private const string Host = "registry.example";

    private readonly CommandFolder _folder = new();
    private readonly TestCertificates _certificates = new();
    private Process _server = null!;
    private ConnectProxy _proxy = null!;
    private string _cid = "";
    private int _port;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (string certificate, string key) = _certificates.Sign(Host);
        await File.WriteAllTextAsync(_folder["server.pem"], certificate, Token);
        await File.WriteAllTextAsync(_folder["server.key"], key, Token);
        await File.WriteAllTextAsync(_folder["ca.pem"], _certificates.AuthorityPem, Token);
        _cid = (await RunAsync([], ["push", await _folder.LargeArchiveAsync(), "-s"], "served")).Output.Trim();
        _server = Start([], ["serve", "--port", "0", "--tls-cert", _folder["server.pem"], "--tls-key", _folder["server.key"]], "served");
        _port = new Uri((await _server.StandardOutput.ReadLineAsync(Token))!).Port;
        _proxy = new ConnectProxy(_port);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _server.Kill();
        await _server.WaitForExitAsync(Token);
        _server.Dispose();
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_registry_is_trusted_by_its_own_authority_and_reached_through_the_proxy()
    {
        await TrustAsync();
        (int code, string digest, string error) = await RunAsync([("HTTPS_PROXY", $"{_proxy.Address}")], ["copy", $"docker://{Host}/large:1", $"oci:{_folder["out"]}", "-s"]);
        Assert.Equal((0, ""), (code, error));
        (code, string back, error) = await RunAsync([("HTTPS_PROXY", $"{_proxy.Address}")], ["copy", $"oci:{_folder["out"]}", $"docker://{Host}/other:1", "-s"]);
        Assert.Equal((0, "", digest), (code, error, back));
        Assert.NotEmpty(_proxy.Asked);
        Assert.All(_proxy.Asked, asked => Assert.Equal($"CONNECT {Host}:443 HTTP/1.1", asked));
    }

    [Fact]
    public async Task A_registry_that_nobody_vouches_for_is_refused_with_the_way_to_trust_it()
    {
        (int code, _, string error) = await RunAsync([("HTTPS_PROXY", $"{_proxy.Address}")], ["inspect", $"docker://{Host}/large:1"]);
        Assert.Equal(1, code);
        Assert.Contains($"certs.d/{Host}/ca.crt", error, StringComparison.Ordinal);
        Assert.Contains("--insecure", error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync([("HTTPS_PROXY", $"{_proxy.Address}")], ["inspect", $"docker://{Host}/large:1", "--insecure"])).Code);
        Assert.Equal(0, (await RunAsync([("HTTPS_PROXY", $"{_proxy.Address}"), ("SSL_CERT_FILE", _folder["ca.pem"])], ["inspect", $"docker://{Host}/large:1"])).Code);
    }

    [Fact]
    public async Task What_needs_no_proxy_is_not_asked_through_it()
    {
        await TrustAsync();
        (int code, _, string error) = await RunAsync([("HTTPS_PROXY", $"{_proxy.Address}"), ("NO_PROXY", "elsewhere.example,.example")], ["inspect", $"docker://{Host}/large:1"]);
        Assert.Equal(1, code);
        Assert.Contains("registry-unreachable", error, StringComparison.Ordinal);
        Assert.Empty(_proxy.Asked);
    }

    [Fact]
    public async Task A_gateway_is_reached_through_the_proxy()
    {
        (int code, _, string error) = await RunAsync([("HTTPS_PROXY", $"{_proxy.Address}"), ("SSL_CERT_FILE", _folder["ca.pem"])], ["pull", _cid, "--from", $"https://{Host}", "--to", $"oci:{_folder["out"]}", "-s"]);
        Assert.Equal((0, ""), (code, error));
        Assert.All(_proxy.Asked, asked => Assert.Equal($"CONNECT {Host}:443 HTTP/1.1", asked));
        Assert.Equal(0, (await RunAsync([], ["verify", $"oci:{_folder["out"]}"])).Code);
    }

    [Theory]
    [InlineData("inspect", "docker://registry.example/large:1")]
    [InlineData("pull", "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy", "--from", "https://gateway.example")]
    public async Task A_proxy_whose_address_cannot_be_read_is_told_and_nobody_is_asked_without_it(params string[] arguments)
    {
        (string, string)[] proxies = [("HTTPS_PROXY", "http://user:hunter2@proxy.example:31z8")];
        (int code, string output, string error) = await RunAsync(proxies, arguments);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("HTTPS_PROXY: it is not the address of a proxy: its port is no number", error, StringComparison.Ordinal);
        Assert.Contains("[bad-settings]", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(proxies, ["inspect", $"docker://127.0.0.1:{_port}/large:1"])).Code);
    }

    [Fact]
    public async Task What_stands_on_this_machine_is_not_asked_through_the_proxy()
    {
        (string, string)[] proxies = [("HTTP_PROXY", $"{_proxy.Address}"), ("HTTPS_PROXY", $"{_proxy.Address}"), ("ALL_PROXY", $"{_proxy.Address}")];
        (int code, _, string error) = await RunAsync(proxies, ["inspect", $"docker://127.0.0.1:{_port}/large:1"]);
        Assert.Equal((0, ""), (code, error));
        await RunAsync([], ["push", $"docker://127.0.0.1:{_port}/large:1", "--to", $"car={_folder["image.car"]}"]);
        using CarFile car = await CarFile.OpenAsync(_folder["image.car"], cancellationToken: Token);
        await using GatewayServer gateway = GatewayServer.Start(car);
        (code, _, error) = await RunAsync(proxies, ["pull", $"{car.Header.Roots[0]}", "--from", $"{gateway.Address}", "--to", $"oci:{_folder["out"]}", "-s"], "other");
        Assert.Equal((0, ""), (code, error));
        // There is no engine; what counts is who is asked for it.
        Assert.Equal(1, (await RunAsync([.. proxies, ("DOCKER_HOST", $"tcp://127.0.0.1:{_port}")], ["inspect", "docker-daemon:large:1"])).Code);
        Assert.Empty(_proxy.Asked);
    }

    private async Task TrustAsync()
    {
        string folder = Path.Combine(_folder["config"], "containers", "certs.d", Host);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "ca.crt"), _certificates.AuthorityPem, Token);
    }

    private Process Start((string Name, string Value)[] variables, string[] arguments, string home)
    {
        ProcessStartInfo start = new(IpdrProcess.Host, [IpdrProcess.Program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["IPDR_HOME"] = _folder[home], ["XDG_CONFIG_HOME"] = _folder["config"], ["IPFS_PATH"] = _folder["no-ipfs"] },
        };
        // The machine may be behind a proxy of its own.
        foreach (string name in start.Environment.Keys.Where(name => name.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync((string Name, string Value)[] variables, string[] arguments, string home = "mine")
    {
        using Process process = Start(variables, arguments, home);
        Task<string> output = process.StandardOutput.ReadToEndAsync(Token), error = process.StandardError.ReadToEndAsync(Token);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, await output, await error);
    }
}
