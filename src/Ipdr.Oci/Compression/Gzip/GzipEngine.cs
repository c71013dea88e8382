using Ipdr.Oci.Compression.Encoding;

namespace Ipdr.Oci.Compression.Gzip;

/// <summary>Writes gzip (RFC 1952): one member, whose blocks are compressed each on its own and joined.</summary>
internal sealed class GzipEngine : CompressionEngine
{
    public static readonly GzipEngine Instance = new();

    public override CompressionLevels Levels => new(1, 9, 5);

    public override int BlockSize => 1 << 20;

    public override string RecipeOf(int level) => $"gzip: zlib-ng via .NET, level {level}, blocks of 1 MiB";

    public override int MaxEncodedLength(int blockLength) => GzipBlockEncoder.MaxEncodedLength(blockLength);

    public override BlockEncoder CreateEncoder(int level) => new GzipBlockEncoder(level);

    public override BlockFraming CreateFraming() => new GzipFraming();
}
