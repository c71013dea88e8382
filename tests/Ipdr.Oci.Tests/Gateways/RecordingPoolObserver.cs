using System.Collections.Concurrent;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways.Pooling;

namespace Ipdr.Oci.Tests.Gateways;

/// <summary>Keeps what it is told.</summary>
internal sealed class RecordingPoolObserver : IPoolObserver
{
    public ConcurrentDictionary<string, Fault> DroppedSources { get; } = [];

    public ConcurrentQueue<(string Source, TimeSpan Delay)> Waits { get; } = [];

    public void Dropped(string source, Fault reason) => Assert.True(DroppedSources.TryAdd(source, reason), "a source is dropped once");

    public void SetAside(string source, TimeSpan delay) => Waits.Enqueue((source, delay));
}
