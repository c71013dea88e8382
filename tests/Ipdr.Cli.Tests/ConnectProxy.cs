using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ipdr.Cli.Tests;

/// <summary>An HTTP proxy through which one server is reached, whatever it is called (RFC 9110, section 9.3.6: CONNECT).</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _port;
    private readonly Task _accepting;

    /// <param name="port">Where the server is on this machine.</param>
    public ConnectProxy(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>First lines of what was asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> running = [];
        try
        {
            while (true)
                running.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task ServeAsync(TcpClient peer)
    {
        using (peer)
        {
            try
            {
                NetworkStream here = peer.GetStream();
                string head = await ReadHeadAsync(here);
                Asked.Enqueue(head.Split("\r\n")[0]);
                if (!head.StartsWith("CONNECT ", StringComparison.Ordinal))
                {
                    await here.WriteAsync("HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _stop.Token);
                    return;
                }
                using TcpClient server = new();
                await server.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
                await here.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _stop.Token);
                await Task.WhenAny(here.CopyToAsync(server.GetStream(), _stop.Token), server.GetStream().CopyToAsync(here, _stop.Token));
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // One side has hung up, which ends the other.
            }
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        StringBuilder head = new();
        byte[] letter = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(letter, _stop.Token);
            head.Append((char)letter[0]);
        }
        return head.ToString();
    }
}
