using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ipdr.Cli.Commands;

/// <summary>Ctrl-C and requests to end. The first one asks the work to stop, and leaves it the time that it needs; a later one ends the process.</summary>
/// <remarks>To be ended at any moment does no harm to what is written, so nobody has to wait for what does not stop.</remarks>
internal sealed class Interruption : IDisposable
{
    // Who sends one to a group of processes often sends it to each of them too: timeout does, and so do shells. That is the same wish.
    private static readonly TimeSpan SameWish = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private long _since;

    public Interruption() => _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Handle))];

    /// <summary>Is cancelled by the first one.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        long since = Interlocked.CompareExchange(ref _since, Stopwatch.GetTimestamp(), 0);
        // What is not cancelled here ends the process, as it would without us.
        signal.Cancel = since == 0 || Stopwatch.GetElapsedTime(since) < SameWish;
        if (since == 0)
            _source.Cancel();
    }
}
