using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Store;

namespace Ipdr.Server.Tests;

/// <summary>What it takes to run a server.</summary>
public sealed class RunningTests
{
    // 192.0.2.1 is nobody's (RFC 5737).
    [Theory]
    [InlineData("192.0.2.1", false, "--listen")]
    [InlineData("127.0.0.1", true, "--port")]
    public async Task An_address_that_cannot_be_had_is_named_and_so_is_the_option(string address, bool isTaken, string option)
    {
        await using TestRegistry first = await TestRegistry.StartAsync();
        int port = isTaken ? first.Server.Address.Port : 0;
        await using RegistryServer server = RegistryServer.Over(ServedContent.Of(first.Store), new ServerOptions { Address = IPAddress.Parse(address), Port = port });
        IpdrException refusal = await Assert.ThrowsAsync<IpdrException>(() => server.StartAsync(TestRegistry.Cancellation));
        Assert.Equal(FaultCode.Io, refusal.Fault.Code);
        Assert.Equal($"{address}:{port}", refusal.Fault.Where);
        Assert.Contains(option, refusal.Fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_readiness_and_metrics_are_told()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        Assert.Equal("OK", await registry.Client.GetStringAsync("/health", TestRegistry.Cancellation));
        Assert.Equal("ready", await registry.Client.GetStringAsync("/ready", TestRegistry.Cancellation));
        await registry.PushBlobAsync("a", new byte[1234]);
        string metrics = await registry.Client.GetStringAsync("/metrics", TestRegistry.Cancellation);
        Assert.Contains("http_server_request_duration_seconds_count", metrics, StringComparison.Ordinal);
        Assert.Contains("ipdr_received_bytes_total", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("sha256", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_lets_transfers_end_and_takes_no_more()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        string place = await registry.BeginUploadAsync("a");
        using Socket running = new(SocketType.Stream, ProtocolType.Tcp);
        await running.ConnectAsync(IPAddress.Loopback, registry.Server.Address.Port, TestRegistry.Cancellation);
        byte[] content = TestContent.Bytes(1, 10_000);
        await running.SendAsync(Encoding.ASCII.GetBytes($"PUT {place}?digest={TestContent.Sha256(content)} HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n"), TestRegistry.Cancellation);
        await running.SendAsync(content.AsMemory(0, 5000), TestRegistry.Cancellation);
        await Task.Delay(200, TestRegistry.Cancellation);
        Task stopping = registry.Server.StopAsync();
        await Task.Delay(200, TestRegistry.Cancellation);
        Assert.False(stopping.IsCompleted);
        using (Socket late = new(SocketType.Stream, ProtocolType.Tcp))
            await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync(IPAddress.Loopback, registry.Server.Address.Port, TestRegistry.Cancellation).AsTask());
        await running.SendAsync(content.AsMemory(5000), TestRegistry.Cancellation);
        byte[] answer = new byte[256];
        int count = await running.ReceiveAsync(answer, TestRegistry.Cancellation);
        Assert.StartsWith("HTTP/1.1 201", Encoding.ASCII.GetString(answer, 0, count), StringComparison.Ordinal);
        await stopping;
    }

    [Fact]
    public async Task It_speaks_tls_with_a_certificate_from_files()
    {
        using TemporaryFolder folder = new();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(folder["cert.pem"], certificate.ExportCertificatePem(), TestRegistry.Cancellation);
        await File.WriteAllTextAsync(folder["key.pem"], key.ExportPkcs8PrivateKeyPem(), TestRegistry.Cancellation);
        await using TestRegistry registry = await TestRegistry.StartAsync(options => options with { Tls = new TlsFiles(folder["cert.pem"], folder["key.pem"]) });
        Assert.Equal("https", registry.Server.Address.Scheme);
        using HttpClientHandler handler = new() { ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented!.Thumbprint == certificate.Thumbprint };
        using HttpClient client = new(handler) { BaseAddress = registry.Server.Address };
        Assert.Equal("{}", await client.GetStringAsync("/v2/", TestRegistry.Cancellation));
        using ContentStore store = ContentStore.Open(folder["other"]);
        ServerOptions swapped = new() { Port = 0, Tls = new TlsFiles(folder["key.pem"], folder["cert.pem"]) };
        Assert.Equal(FaultCode.Io, Assert.Throws<IpdrException>(() => RegistryServer.Over(store, swapped)).Fault.Code);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        await using RegistryServer second = RegistryServer.Over(registry.Store, new ServerOptions { Port = registry.Server.Address.Port });
        IpdrException refused = await Assert.ThrowsAsync<IpdrException>(() => second.StartAsync(TestRegistry.Cancellation));
        Assert.Contains("--port", refused.Fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_request_is_a_line_of_json_in_the_log()
    {
        using MemoryStream log = new();
        await using (TestRegistry registry = await TestRegistry.StartAsync(options => options with { AccessLog = log }))
        {
            await registry.PushBlobAsync("a", new byte[10]);
            await registry.GetAsync("/v2/a/manifests/\"quoted\"%0Aline?secret=x").RefusesAsync(HttpStatusCode.NotFound, "MANIFEST_UNKNOWN");
        }
        JsonElement[] lines = [.. Encoding.UTF8.GetString(log.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal([201, 404], lines.Select(line => line.GetProperty("status").GetInt32()));
        Assert.Equal("/v2/a/manifests/\"quoted\"\nline", lines[1].GetProperty("path").GetString());
        Assert.DoesNotContain(lines, line => line.ToString().Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_manifest_that_rotted_on_the_disk_is_not_sent()
    {
        await using TestRegistry registry = await TestRegistry.StartAsync();
        (_, Digest digest) = await registry.PushImageAsync("a", "1");
        await registry.RestartAsync();
        string path = Path.Combine(registry.Home, "blobs", "sha256", digest.Encoded);
        byte[] bytes = await File.ReadAllBytesAsync(path, TestRegistry.Cancellation);
        bytes[10] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestRegistry.Cancellation);
        using HttpResponseMessage answer = await registry.GetAsync("/v2/a/manifests/1");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }
}
