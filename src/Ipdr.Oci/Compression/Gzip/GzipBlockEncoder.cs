using Ipdr.Oci.Compression.Deflate;
using Ipdr.Oci.Compression.Encoding;

namespace Ipdr.Oci.Compression.Gzip;

/// <summary>Turns a block into DEFLATE blocks that end on a byte's border.</summary>
internal sealed class GzipBlockEncoder(DeflateEncoder encoder) : BlockEncoder
{
    public override int Encode(ReadOnlySpan<byte> block, Memory<byte> destination) => encoder.Encode(block, destination.Span);
}
