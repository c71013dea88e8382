using BenchmarkDotNet.Jobs;

namespace Ipdr.Benchmarks;

/// <summary>One job a kernel, by the runtime's own switches; on a processor without AVX-512 the first two are the same.</summary>
public sealed class KernelConfig : ThroughputConfig
{
    public KernelConfig()
    {
        AddJob(Job.Default.WithId("512 bits").AsBaseline());
        AddJob(Job.Default.WithId("256 bits").WithEnvironmentVariable("DOTNET_EnableAVX512", "0"));
        AddJob(Job.Default.WithId("128 bits").WithEnvironmentVariable("DOTNET_EnableAVX", "0"));
        AddJob(Job.Default.WithId("scalar").WithEnvironmentVariable("DOTNET_EnableHWIntrinsic", "0"));
    }
}
