using BenchmarkDotNet.Attributes;
using Ipdr.Oci.Digests;

namespace Ipdr.Benchmarks;

/// <summary>BLAKE3 by each kernel: the runtime is told to forget instructions, as if the processor did not have them.</summary>
[Config(typeof(KernelConfig))]
public class Blake3Benchmarks
{
    private byte[] _content = [];

    [Params(1 << 20, 1 << 26)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void MakeContent() => _content = Content.OfLength(Bytes);

    [Benchmark]
    public Digest OfContent() => Digest.OfContent(DigestAlgorithm.Blake3, _content);

    /// <summary>Pieces as a copy loop has them, none of them a multiple of a chunk.</summary>
    [Benchmark]
    public Digest InPieces()
    {
        const int Piece = 80_001;
        using DigestHasher hasher = DigestHasher.Create(DigestAlgorithm.Blake3);
        for (int i = 0; i < _content.Length; i += Piece)
            hasher.Append(_content.AsSpan(i, Math.Min(Piece, _content.Length - i)));
        return hasher.Finish();
    }
}
