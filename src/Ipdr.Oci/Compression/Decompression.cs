using Ipdr.Oci.Compression.Bzip2;
using Ipdr.Oci.Compression.Decoding;
using Ipdr.Oci.Compression.Gzip;
using Ipdr.Oci.Compression.Xz;
using Ipdr.Oci.Compression.Zstd;

namespace Ipdr.Oci.Compression;

/// <summary>Reads compressed data, strictly: nothing is accepted that is not complete and sound.</summary>
public static class Decompression
{
    /// <summary>The largest window a zstd frame may ask for, in bytes: 128 MiB, what <c>zstd -d</c> accepts by default (RFC 8878 asks for 8 MiB).</summary>
    public const int MaxZstdWindow = 1 << ZstdDecoder.MaxWindowLog;

    /// <summary>The largest dictionary an xz block may ask for, in bytes: 128 MiB, twice that of <c>xz -9</c>.</summary>
    public const int MaxXzDictionary = Lzma2Decoder.MaxDictionarySize;

    /// <summary>Opens a source for reading its decoded bytes.</summary>
    /// <param name="source">The compressed bytes; read to their very end, closed with the result unless the options say otherwise.</param>
    /// <param name="format">What <see cref="CompressionDetector.Detect"/> said; <see cref="CompressionFormat.None"/> passes the bytes through.</param>
    /// <param name="options">Null means the defaults.</param>
    /// <remarks>
    /// Any number of concatenated gzip members, zstd frames, xz streams (and their padding) or bzip2 streams is one text; skippable
    /// zstd frames are skipped. Memory is bounded by the two constants of this class; how far data may expand is for the caller to bound.
    /// Nothing is read before the first read. Dictionaries, xz filters other than LZMA2 and bzip2's randomised blocks are refused.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="source"/> cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="format"/> is none of the enumeration's.</exception>
    public static DecompressionStream Open(Stream source, CompressionFormat format, DecompressionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!source.CanRead)
            throw new ArgumentException("the source cannot be read", nameof(source));
        options ??= new DecompressionOptions();
        return format switch
        {
            CompressionFormat.None => new DecoderStream(new PlainDecoder(), source, options),
            CompressionFormat.Gzip => new GzipDecompressionStream(source, options),
            CompressionFormat.Zstd => new DecoderStream(new ZstdDecoder(), source, options),
            CompressionFormat.Xz => new DecoderStream(new XzDecoder(), source, options),
            CompressionFormat.Bzip2 => new DecoderStream(new Bzip2Decoder(), source, options),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
    }
}
