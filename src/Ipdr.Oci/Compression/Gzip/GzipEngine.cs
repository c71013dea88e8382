using Ipdr.Oci.Compression.Deflate;
using Ipdr.Oci.Compression.Encoding;

namespace Ipdr.Oci.Compression.Gzip;

/// <summary>Writes gzip (RFC 1952): one member, whose blocks are compressed each on its own and joined.</summary>
internal sealed class GzipEngine : CompressionEngine
{
    public override string RecipeName => "ipdr-deflate/1";

    public override CompressionFormat Format => CompressionFormat.Gzip;

    public override CompressionLevels Levels => new(DeflateLevel.Min, DeflateLevel.Max, DeflateLevel.Default);

    public override int BlockSize => 1 << 20;

    public override int MaxEncodedLength(int blockLength) => DeflateEncoder.MaxEncodedLength(blockLength);

    public override BlockEncoder CreateEncoder(int level) => new GzipBlockEncoder(DeflateLevel.CreateEncoder(level));

    public override BlockFraming CreateFraming() => new GzipFraming();
}
