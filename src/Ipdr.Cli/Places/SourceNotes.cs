using Ipdr.Cli.Commands;
using Ipdr.Cli.Output;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways.Pooling;

namespace Ipdr.Cli.Places;

/// <summary>Says on stderr what sources did wrong.</summary>
internal sealed class SourceNotes(TextWriter error, LogLevel level) : IPoolObserver
{
    private readonly Lock _lock = new();

    public void Dropped(string source, Fault reason) => Write(LogLevel.Warning, $"ipdr: warning: {reason} [{reason.CodeText}]; {source} is not asked any more");

    public void SetAside(string source, TimeSpan delay) => Write(LogLevel.Info, $"ipdr: {source} asks to come back in {delay.TotalSeconds:0.#} s");

    public void RoutingFailed(Fault reason) => Write(LogLevel.Warning, $"ipdr: warning: {reason} [{reason.CodeText}]");

    private void Write(LogLevel needed, FormattableString text)
    {
        if (level < needed)
            return;
        lock (_lock)
            error.WriteLine(Printable.Of(FormattableString.Invariant(text)));
    }
}
