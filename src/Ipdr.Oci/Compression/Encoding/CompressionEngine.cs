using Ipdr.Oci.Compression.Gzip;
using Ipdr.Oci.Compression.Zstd;

namespace Ipdr.Oci.Compression.Encoding;

/// <summary>How a recipe is carried out: the one place that knows which compressor runs.</summary>
internal abstract class CompressionEngine
{
    /// <summary>All there are; of several for one format the current one first.</summary>
    public static IReadOnlyList<CompressionEngine> All { get; } = [new GzipEngine(), new ZstdEngine(), new PlainEngine()];

    /// <summary>Names the compressor and its version: everything that decides about the bytes, but for level and block size.</summary>
    public abstract string RecipeName { get; }

    /// <summary>The format that is written.</summary>
    public abstract CompressionFormat Format { get; }

    /// <summary>The levels that can be asked for.</summary>
    public abstract CompressionLevels Levels { get; }

    /// <summary>Length of all blocks but the last, in bytes.</summary>
    public abstract int BlockSize { get; }

    /// <summary>The most a block of this length can become, in bytes.</summary>
    public abstract int MaxEncodedLength(int blockLength);

    /// <summary>An encoder for one worker, who disposes of it.</summary>
    public abstract BlockEncoder CreateEncoder(int level);

    /// <summary>What stands around the blocks of one stream.</summary>
    public abstract BlockFraming CreateFraming();
}
