using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Ipdr.Oci.Car;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Gateways;

/// <summary>A trustless gateway on the loopback interface, down to the socket, so that it can do everything wrong.</summary>
internal sealed class GatewayServer : IAsyncDisposable
{
    private readonly LoopbackListener _listener;
    private readonly Misdeed _misdeed;
    private readonly IBlockSource _blocks;
    private readonly Func<Cid, EntityBytes?, Func<Cid, Task<byte[]?>>, Misdeed, Task<byte[]>>? _makeCar;
    private int _requests;
    private int _throttled;

    private GatewayServer(IBlockSource blocks, Misdeed misdeed, Func<Cid, EntityBytes?, Func<Cid, Task<byte[]?>>, Misdeed, Task<byte[]>>? makeCar = null)
    {
        (_blocks, _misdeed, _makeCar) = (blocks, misdeed, makeCar);
        _listener = new LoopbackListener(ServeAsync);
    }

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_listener.Port}"));

    /// <summary>Requests that came.</summary>
    public int Requests => _requests;

    /// <summary>Paths that were asked for.</summary>
    public ConcurrentQueue<string> Paths { get; } = [];

    /// <summary>Waits so long before each answer.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Answers for paths that are none of a gateway's.</summary>
    public Func<string, (string Type, byte[] Body)?>? Other { get; init; }

    public static GatewayServer Start(IBlockSource blocks, Misdeed misdeed = Misdeed.None) => new(blocks, misdeed);

    /// <summary>One that gives CARs too.</summary>
    public static GatewayServer Start(IBlockSource blocks, Misdeed misdeed, Func<Cid, EntityBytes?, Func<Cid, Task<byte[]?>>, Misdeed, Task<byte[]>> makeCar, TimeSpan delay = default) =>
        new(blocks, misdeed, makeCar) { Delay = delay };

    public static GatewayServer Start(IBlockSource blocks, TimeSpan delay) => new(blocks, Misdeed.None) { Delay = delay };

    public static GatewayServer Start(IBlockSource blocks, Func<string, (string Type, byte[] Body)?> other) => new(blocks, Misdeed.None) { Other = other };

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(NetworkStream stream)
    {
        byte[] buffer = new byte[16 << 10];
        int length = 0;
        while (true)
        {
            int end;
            while ((end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) < 0)
            {
                int count = await stream.ReadAsync(buffer.AsMemory(length), _listener.Stopping);
                if (count == 0)
                    return;
                length += count;
            }
            string path = Encoding.ASCII.GetString(buffer, 0, end).Split(' ')[1];
            length -= end + 4;
            buffer.AsSpan(end + 4, length).CopyTo(buffer);
            Interlocked.Increment(ref _requests);
            Paths.Enqueue(path);
            await Task.Delay(Delay, _listener.Stopping);
            if (!await AnswerAsync(stream, path))
                return;
        }
    }

    // False when the connection is to be closed.
    private async Task<bool> AnswerAsync(NetworkStream stream, string path)
    {
        switch (_misdeed)
        {
            case Misdeed.CloseAtOnce:
                return false;
            case Misdeed.Stall:
                await Task.Delay(Timeout.Infinite, _listener.Stopping);
                return false;
            case Misdeed.ServerError:
                return await SendAsync(stream, "500 Internal Server Error", "text/plain", "it broke\r\nand how"u8.ToArray());
            case Misdeed.NotInTime:
                return await SendAsync(stream, "504 Gateway Timeout", "text/plain", []);
            case Misdeed.ThrottleForEver:
                return await SendAsync(stream, "429 Too Many Requests", "text/plain", [], "Retry-After: 0");
            case Misdeed.ThrottleForAnHour:
                return await SendAsync(stream, "503 Service Unavailable", "text/plain", [], "Retry-After: 3600");
            case Misdeed.ThrottleTwice when Interlocked.Increment(ref _throttled) <= 2:
                return await SendAsync(stream, "429 Too Many Requests", "text/plain", [], "Retry-After: 1");
            case Misdeed.RedirectOnce when !path.StartsWith("/moved", StringComparison.Ordinal):
                return await SendAsync(stream, "301 Moved Permanently", "text/plain", [], $"Location: /moved{path}");
            case Misdeed.RedirectForEver:
                return await SendAsync(stream, "302 Found", "text/plain", [], $"Location: {Address}more{path}");
            case Misdeed.RedirectToFile:
                return await SendAsync(stream, "302 Found", "text/plain", [], "Location: file:///etc/passwd");
            case Misdeed.RedirectToNowhere:
                return await SendAsync(stream, "302 Found", "text/plain", []);
            case Misdeed.Html:
                return await SendAsync(stream, "200 OK", "text/html", "<html>Log in to use this network</html>"u8.ToArray());
        }
        if (path.StartsWith("/moved", StringComparison.Ordinal))
            path = path["/moved".Length..];
        if (Other?.Invoke(path) is { } other)
            return await SendAsync(stream, "200 OK", other.Type, other.Body);
        if (!path.StartsWith("/ipfs/", StringComparison.Ordinal))
            return await SendAsync(stream, "404 Not Found", "text/plain", []);
        string cid = path["/ipfs/".Length..].Split('?', '/')[0];
        return path.Contains("format=car", StringComparison.Ordinal) ? await CarAsync(stream, Cid.Parse(cid), path) : await BlockAsync(stream, Cid.Parse(cid));
    }

    private async Task<bool> BlockAsync(NetworkStream stream, Cid cid)
    {
        byte[]? bytes = cid.ToString() == "bafkqaaa" ? [] : await FindAsync(cid);
        if (bytes is null)
            return await SendAsync(stream, "404 Not Found", "text/plain", "not here"u8.ToArray());
        const string Type = "application/vnd.ipld.raw";
        switch (_misdeed)
        {
            case Misdeed.WrongBytes:
                bytes = [.. bytes];
                if (bytes.Length > 0)
                    bytes[^1] ^= 1;
                return await SendAsync(stream, "200 OK", Type, bytes);
            case Misdeed.WrongType:
                return await SendAsync(stream, "200 OK", "application/octet-stream", bytes);
            case Misdeed.EarlyClose:
                await WriteAsync(stream, $"HTTP/1.1 200 OK\r\nContent-Type: {Type}\r\nContent-Length: {bytes.Length}\r\n\r\n");
                await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), _listener.Stopping);
                return false;
            case Misdeed.Trickle:
                await WriteAsync(stream, $"HTTP/1.1 200 OK\r\nContent-Type: {Type}\r\nContent-Length: {bytes.Length}\r\n\r\n");
                foreach (byte one in bytes)
                {
                    await stream.WriteAsync(new[] { one }, _listener.Stopping);
                    await Task.Delay(30, _listener.Stopping);
                }
                return true;
            case Misdeed.TooLarge:
                await WriteAsync(stream, $"HTTP/1.1 200 OK\r\nContent-Type: {Type}\r\nContent-Length: {1L << 40}\r\n\r\n");
                return false;
            case Misdeed.Endless:
                await WriteAsync(stream, $"HTTP/1.1 200 OK\r\nContent-Type: {Type}\r\nConnection: close\r\n\r\n");
                for (byte[] junk = new byte[64 << 10]; ;)
                    await stream.WriteAsync(junk, _listener.Stopping);
            default:
                return await SendAsync(stream, "200 OK", Type, bytes);
        }
    }

    private async Task<bool> CarAsync(NetworkStream stream, Cid root, string path)
    {
        if (_makeCar is null)
            return await SendAsync(stream, "406 Not Acceptable", "text/plain", []);
        if (_misdeed == Misdeed.CarHtml)
            return await SendAsync(stream, "200 OK", "text/html", "<html>Too many CARs</html>"u8.ToArray());
        const string Range = "entity-bytes=";
        int range = path.IndexOf(Range, StringComparison.Ordinal);
        EntityBytes? part = range >= 0 && _misdeed != Misdeed.CarOfAll ? EntityBytes.Parse(path[(range + Range.Length)..]) : null;
        byte[] car = await _makeCar(root, part, FindAsync, _misdeed);
        if (_misdeed == Misdeed.CarErrorBehind)
        {
            await WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.ipld.car; version=1\r\nTransfer-Encoding: chunked\r\nTrailer: X-Stream-Error\r\n\r\n");
            await WriteAsync(stream, $"{car.Length:x}\r\n");
            await stream.WriteAsync(car, _listener.Stopping);
            await WriteAsync(stream, "\r\n0\r\nX-Stream-Error: disk full\r\n\r\n");
            return true;
        }
        // As gateways do it, without a length.
        string order = _misdeed == Misdeed.CarUnordered ? "unk" : "dfs";
        await WriteAsync(stream, $"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.ipld.car; version=1; order={order}; dups=n\r\nConnection: close\r\n\r\n");
        if (_misdeed == Misdeed.CarTrickle)
        {
            foreach (byte one in car)
            {
                await stream.WriteAsync(new[] { one }, _listener.Stopping);
                await Task.Delay(30, _listener.Stopping);
            }
        }
        await stream.WriteAsync(car, _listener.Stopping);
        return false;
    }

    private async Task<byte[]?> FindAsync(Cid cid)
    {
        using IMemoryOwner<byte>? block = await _blocks.TryReadAsync(cid, _listener.Stopping);
        return block?.Memory.ToArray();
    }

    private async Task<bool> SendAsync(NetworkStream stream, string status, string type, byte[] body, string? header = null)
    {
        await WriteAsync(stream, $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n{(header is null ? "" : header + "\r\n")}\r\n");
        await stream.WriteAsync(body, _listener.Stopping);
        return true;
    }

    private Task WriteAsync(NetworkStream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text), _listener.Stopping).AsTask();
}
