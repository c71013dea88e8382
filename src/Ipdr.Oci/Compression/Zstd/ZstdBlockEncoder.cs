using Ipdr.Oci.Compression.Encoding;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Ipdr.Oci.Compression.Zstd;

/// <summary>Compresses a block to a zstd frame.</summary>
internal sealed class ZstdBlockEncoder : BlockEncoder
{
    private readonly Compressor _compressor;

    public ZstdBlockEncoder(int level)
    {
        _compressor = new Compressor(level);
        _compressor.SetParameter(ZSTD_cParameter.ZSTD_c_contentSizeFlag, 1);
        _compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 0);
    }

    public override int Encode(ReadOnlySpan<byte> block, Memory<byte> destination) =>
        _compressor.Wrap(block, destination.Span);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _compressor.Dispose();
        base.Dispose(disposing);
    }
}
