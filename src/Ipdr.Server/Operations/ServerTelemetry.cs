using System.Diagnostics.Metrics;

namespace Ipdr.Server.Operations;

/// <summary>What the server measures beside what ASP.NET Core measures of every request.</summary>
internal sealed class ServerTelemetry : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Ipdr.Server";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _sent;
    private readonly Counter<long> _received;
    private readonly Counter<long> _refused;

    public ServerTelemetry()
    {
        _sent = _meter.CreateCounter<long>("ipdr.sent", "By", "Bytes of answers.");
        _received = _meter.CreateCounter<long>("ipdr.received", "By", "Bytes of requests whose length was told.");
        _refused = _meter.CreateCounter<long>("ipdr.refused", "{request}", "Requests refused because too many were being worked on.");
    }

    public void Answered(long? received, long? sent)
    {
        if (sent > 0)
            _sent.Add(sent.Value);
        if (received > 0)
            _received.Add(received.Value);
    }

    public void Refused() => _refused.Add(1);

    public void Dispose() => _meter.Dispose();
}
