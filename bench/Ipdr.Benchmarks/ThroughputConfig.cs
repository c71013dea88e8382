using BenchmarkDotNet.Configs;

namespace Ipdr.Benchmarks;

/// <summary>Adds <see cref="ThroughputColumn"/>, and patience with a busy machine.</summary>
public class ThroughputConfig : ManualConfig
{
    public ThroughputConfig()
    {
        AddColumn(new ThroughputColumn());
        WithBuildTimeout(TimeSpan.FromMinutes(10));
    }
}
