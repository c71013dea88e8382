using Ipdr.Oci.Compression.Gzip;
using Ipdr.Oci.Compression.Zstd;

namespace Ipdr.Oci.Compression.Encoding;

/// <summary>How a format is written: the one place that knows which compressor runs.</summary>
internal abstract class CompressionEngine
{
    /// <summary>The levels that can be asked for.</summary>
    public abstract CompressionLevels Levels { get; }

    /// <summary>Length of all blocks but the last, in bytes.</summary>
    public abstract int BlockSize { get; }

    /// <summary>The engine of a format.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The format is not written here.</exception>
    public static CompressionEngine Of(CompressionFormat format) => format switch
    {
        CompressionFormat.None => PlainEngine.Instance,
        CompressionFormat.Gzip => GzipEngine.Instance,
        CompressionFormat.Zstd => ZstdEngine.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "only gzip, zstd and plain bytes are written"),
    };

    /// <summary>Names everything that decides about the bytes.</summary>
    public abstract string RecipeOf(int level);

    /// <summary>The most a block of this length can become, in bytes.</summary>
    public abstract int MaxEncodedLength(int blockLength);

    /// <summary>An encoder for one worker, who disposes of it.</summary>
    public abstract BlockEncoder CreateEncoder(int level);

    /// <summary>What stands around the blocks of one stream.</summary>
    public abstract BlockFraming CreateFraming();
}
