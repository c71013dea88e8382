using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using Ipdr.Oci.Compression;

namespace Ipdr.Benchmarks;

/// <summary>Gzip on one core, by level, beside System.IO.Compression; and the platform's inflater on what came of it.</summary>
/// <remarks>
/// The content is the file that <c>IPDR_BENCH_LAYER</c> names, for instance a layer's tar, or else the program's own assemblies.
/// Sizes differ with the level: <c>levels FILE…</c> prints them beside the speeds.
/// </remarks>
[Config(typeof(ThroughputConfig))]
[MemoryDiagnoser]
public class GzipBenchmarks
{
    private byte[] _content = [];
    private byte[] _compressed = [];

    [Params(1, 2, 3, 6, 9)]
    public int Level { get; set; }

    [Params(1 << 24)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public async Task MakeContent()
    {
        string? file = Environment.GetEnvironmentVariable("IPDR_BENCH_LAYER");
        IEnumerable<string> files = file is null ? Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Order(StringComparer.Ordinal) : [file];
        byte[] all = [.. files.SelectMany(File.ReadAllBytes).Take(Bytes)];
        _content = new byte[Bytes];
        for (int i = 0; i < Bytes; i += all.Length)
            all.AsSpan(0, Math.Min(all.Length, Bytes - i)).CopyTo(_content.AsSpan(i));
        using MemoryStream compressed = new();
        await RunAsync(compressed);
        _compressed = compressed.ToArray();
    }

    [Benchmark(Baseline = true)]
    public long Platform()
    {
        using CountingStream counter = new();
        using (GZipStream gzip = new(counter, new ZLibCompressionOptions { CompressionLevel = Level }, leaveOpen: true))
            gzip.Write(_content);
        return counter.Count;
    }

    [Benchmark]
    public Task<CompressionResult> Ours() => RunAsync(Stream.Null);

    [Benchmark]
    public long PlatformInflate()
    {
        using CountingStream counter = new();
        using GZipStream gzip = new(new MemoryStream(_compressed), CompressionMode.Decompress);
        gzip.CopyTo(counter, 256 << 10);
        return counter.Count;
    }

    private Task<CompressionResult> RunAsync(Stream sink)
    {
        MemoryStream source = new(_content);
        return new ParallelCompressor(new CompressionSettings(CompressionFormat.Gzip, Level), 1)
            .RunAsync(source.ReadAsync, (_, _) => ValueTask.CompletedTask, sink.WriteAsync);
    }
}
