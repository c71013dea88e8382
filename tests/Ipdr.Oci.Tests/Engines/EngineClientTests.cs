using System.Globalization;
using System.Text;
using Ipdr.Oci.Engines;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tests.Engines;

/// <summary>Engines that go away in the middle of an answer: that is told, and is no accident of ours.</summary>
public sealed class EngineClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_description_that_breaks_off_is_told()
    {
        await using LoopbackListener engine = Engine("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Id\":\"sha256:");
        using EngineClient client = await ConnectAsync(engine);
        Fault fault = (await Assert.ThrowsAsync<IpdrException>(() => client.FindImageAsync("busybox", Token))).Fault;
        Assert.Equal(FaultCode.EngineFailed, fault.Code);
        Assert.Contains("went away", fault.What, StringComparison.Ordinal);
        Assert.EndsWith("busybox", fault.Where, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_refusal_that_breaks_off_the_status_is_told()
    {
        await using LoopbackListener engine = Engine("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 100\r\n\r\n{\"mess");
        using EngineClient client = await ConnectAsync(engine);
        Fault fault = (await Assert.ThrowsAsync<IpdrException>(() => client.FindImageAsync("busybox", Token))).Fault;
        Assert.Equal((FaultCode.EngineFailed, "the engine refuses (500): Internal Server Error"), (fault.Code, fault.What));
    }

    private static Task<EngineClient> ConnectAsync(LoopbackListener engine) =>
        EngineClient.ConnectAsync(EngineEndpoint.Parse(string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{engine.Port}")), Token);

    // Answers the ping, and everything else with what is given; then it hangs up.
    private static LoopbackListener Engine(string answer) => new(async stream =>
    {
        byte[] room = new byte[4096];
        for (string head = ""; ;)
        {
            int count = await stream.ReadAsync(room, Token);
            if (count == 0)
                return;
            head += Encoding.ASCII.GetString(room, 0, count);
            if (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                continue;
            bool isPing = head.Contains("_ping", StringComparison.Ordinal);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(isPing ? "HTTP/1.1 200 OK\r\nApi-Version: 1.43\r\nContent-Length: 2\r\n\r\nOK" : answer), Token);
            if (!isPing)
                return;
            head = "";
        }
    });
}
