using Ipdr.Oci.Compression.Encoding;
using ZstdSharp;

namespace Ipdr.Oci.Compression.Zstd;

/// <summary>Writes zstd (RFC 8878): a frame a block, with its content size and without a checksum, as layers have digests.</summary>
internal sealed class ZstdEngine : CompressionEngine
{
    public override string RecipeName => "zstdsharp/0.8.8";

    public override CompressionFormat Format => CompressionFormat.Zstd;

    // Level 3 wins 3 % of size and takes 1.6 times as long.
    public override CompressionLevels Levels => new(1, 22, 2);

    public override int BlockSize => 4 << 20;

    public override int MaxEncodedLength(int blockLength) => Compressor.GetCompressBound(blockLength);

    public override BlockEncoder CreateEncoder(int level) => new ZstdBlockEncoder(level);

    public override BlockFraming CreateFraming() => new ZstdFraming();
}
