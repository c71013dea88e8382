using BenchmarkDotNet.Attributes;
using Ipdr.Oci.Digests;

namespace Ipdr.Benchmarks;

/// <summary>The algorithms side by side, content at hand, one core.</summary>
[Config(typeof(ThroughputConfig))]
[MemoryDiagnoser]
public class DigestBenchmarks
{
    private byte[] _content = [];

    /// <summary>The peer is the algorithm that every implementation has.</summary>
    [ParamsAllValues]
    public DigestAlgorithm Algorithm { get; set; }

    [Params(1 << 20, 1 << 26)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void MakeContent() => _content = Content.OfLength(Bytes);

    [Benchmark]
    public Digest OfContent() => Digest.OfContent(Algorithm, _content);
}
