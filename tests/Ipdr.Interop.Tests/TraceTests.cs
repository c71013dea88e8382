using System.Net;
using System.Net.Sockets;
using System.Text;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>Traces go where the standard variables say.</summary>
public sealed class TraceTests
{
    [Fact]
    public async Task A_request_is_exported_as_a_span_over_otlp()
    {
        using TemporaryFolder folder = new();
        using TcpListener collector = new(IPAddress.Loopback, 0);
        collector.Start();
        ExternalProgram ipdr = IpdrServer.Over(folder["home"]);
        ipdr = ipdr with
        {
            Environment = new Dictionary<string, string>(ipdr.Environment)
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{((IPEndPoint)collector.LocalEndpoint).Port}",
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            },
        };
        await using IpdrServer server = await IpdrServer.StartAsync(ipdr);
        using HttpClient client = new();
        await client.GetStringAsync(new Uri(server.Address, "/v2/"), TestContext.Current.CancellationToken);
        using Socket export = await collector.AcceptSocketAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        StringBuilder received = new();
        byte[] buffer = new byte[64 << 10];
        // Names in a span are plain text inside its protobuf.
        while (!received.ToString().Contains("url.path", StringComparison.Ordinal) && await export.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is var count and > 0)
            received.Append(Encoding.Latin1.GetString(buffer, 0, count));
        await export.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.StartsWith("POST /v1/traces HTTP/1.1", received.ToString(), StringComparison.Ordinal);
        Assert.Contains("/v2/", received.ToString(), StringComparison.Ordinal);
    }
}
