using Ipdr.Oci.Compression;

namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>Which compression a layer gets.</summary>
internal static class LayerTarget
{
    /// <summary>The compression in the output of a layer that is stored as <paramref name="stored"/>; the same value means that its bytes are kept.</summary>
    public static CompressionFormat For(LayerCompression compression, CompressionFormat stored) => compression switch
    {
        // Registries and engines know plain, gzip and zstd layers; the rest is for whole archives.
        LayerCompression.Auto => stored is CompressionFormat.Gzip or CompressionFormat.Zstd ? stored : CompressionFormat.Gzip,
        LayerCompression.Preserve => stored,
        LayerCompression.Gzip => CompressionFormat.Gzip,
        LayerCompression.Zstd => CompressionFormat.Zstd,
        LayerCompression.None => CompressionFormat.None,
        _ => throw new ArgumentOutOfRangeException(nameof(compression)),
    };
}
