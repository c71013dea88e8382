using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Ipdr.Server.Operations;

/// <summary>Writes a line of JSON for every request, a few times a second rather than once for each.</summary>
internal sealed class RequestLog : IAsyncDisposable
{
    // A reader of the log that does not read must not fill the memory, nor stop the server: lines beyond this are dropped, and counted.
    private const int MaxPendingBytes = 4 << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly JsonWriterOptions Compact = new() { SkipValidation = true };

    private readonly Stream _output;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _flushing;
    private ArrayBufferWriter<byte> _pending = new();
    private ArrayBufferWriter<byte> _spare = new();
    private long _dropped;

    /// <summary>Starts writing; the stream stays the caller's.</summary>
    public RequestLog(Stream output, TimeProvider clock)
    {
        _output = output;
        _clock = clock;
        _flushing = FlushFromTimeToTimeAsync();
    }

    /// <summary>Notes a request that was answered.</summary>
    /// <param name="context">The request and its answer.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="user">Who asked; null for nobody in particular.</param>
    /// <param name="failure">What nobody foresaw; null when nothing like that happened.</param>
    public void Write(HttpContext context, TimeSpan elapsed, string? user, Exception? failure)
    {
        lock (_lock)
        {
            if (_pending.WrittenCount > MaxPendingBytes)
            {
                _dropped++;
                return;
            }
            using (Utf8JsonWriter line = new(_pending, Compact))
            {
                line.WriteStartObject();
                line.WriteString("time", _clock.GetUtcNow());
                line.WriteString("level", failure is null ? "info" : "error");
                line.WriteString("event", "request");
                line.WriteString("client", context.Connection.RemoteIpAddress?.ToString());
                if (user is not null)
                    line.WriteString("user", user);
                line.WriteString("method", context.Request.Method);
                line.WriteString("path", context.Request.Path.Value);
                line.WriteNumber("status", context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted ? 499 : context.Response.StatusCode);
                if (context.Request.ContentLength is { } received)
                    line.WriteNumber("received", received);
                if (context.Response.ContentLength is { } sent)
                    line.WriteNumber("sent", sent);
                line.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 6));
                if (context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent)
                    line.WriteString("agent", agent);
                if (failure is not null)
                    line.WriteString("error", failure.ToString());
                line.WriteEndObject();
            }
            _pending.Write("\n"u8);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _flushing.ConfigureAwait(false);
        await FlushAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task FlushFromTimeToTimeAsync()
    {
        using PeriodicTimer timer = new(Interval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
                await FlushAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Disposed of, which flushes once more.
        }
    }

    private async Task FlushAsync()
    {
        ArrayBufferWriter<byte> full;
        lock (_lock)
        {
            if (_dropped > 0)
            {
                using (Utf8JsonWriter line = new(_pending, Compact))
                {
                    line.WriteStartObject();
                    line.WriteString("time", _clock.GetUtcNow());
                    line.WriteString("level", "warning");
                    line.WriteString("event", "lines-dropped");
                    line.WriteNumber("count", _dropped);
                    line.WriteEndObject();
                }
                _pending.Write("\n"u8);
                _dropped = 0;
            }
            (full, _pending) = (_pending, _spare);
        }
        try
        {
            if (full.WrittenCount > 0)
            {
                await _output.WriteAsync(full.WrittenMemory).ConfigureAwait(false);
                await _output.FlushAsync().ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // Whoever read the log is gone. Requests are answered all the same.
        }
        full.ResetWrittenCount();
        _spare = full;
    }
}
