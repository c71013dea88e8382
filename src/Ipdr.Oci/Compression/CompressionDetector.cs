using System.Buffers.Binary;

namespace Ipdr.Oci.Compression;

/// <summary>Recognises a compression format by its first bytes, never by a name.</summary>
public static class CompressionDetector
{
    /// <summary>How many bytes are enough to decide, in bytes: the length of the longest magic, that of xz.</summary>
    public const int PrefixLength = 6;

    private const uint ZstdMagic = 0xFD2FB528;
    private const uint SkippableMagic = 0x184D2A50;
    private const uint SkippableMask = 0xFFFFFFF0;

    /// <summary>Which format begins with these bytes; <see cref="CompressionFormat.None"/> for all others, a prefix that is too short included.</summary>
    /// <param name="prefix">The first bytes of the stream, <see cref="PrefixLength"/> of them unless it is shorter; more do no harm.</param>
    public static CompressionFormat Detect(ReadOnlySpan<byte> prefix)
    {
        if (prefix.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
            return CompressionFormat.Gzip;
        if (prefix.Length >= sizeof(uint) && IsZstdMagic(BinaryPrimitives.ReadUInt32LittleEndian(prefix)))
            return CompressionFormat.Zstd;
        if (prefix.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]))
            return CompressionFormat.Xz;
        return prefix.StartsWith("BZh"u8) ? CompressionFormat.Bzip2 : CompressionFormat.None;
    }

    /// <summary>Whether a frame of either kind begins with this little-endian word (RFC 8878, sections 3.1.1 and 3.1.2).</summary>
    internal static bool IsZstdMagic(uint word) => word == ZstdMagic || (word & SkippableMask) == SkippableMagic;
}
