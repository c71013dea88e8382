namespace Ipdr.Oci.Compression;

/// <summary>What went through a <see cref="ParallelCompressor"/>.</summary>
/// <param name="PlainLength">Bytes read from the source.</param>
/// <param name="CompressedLength">Bytes given to the compressed sink.</param>
public readonly record struct CompressionResult(long PlainLength, long CompressedLength);
