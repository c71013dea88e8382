namespace Ipdr.Oci.Compression;

/// <summary>How a stream of bytes is compressed.</summary>
public enum CompressionFormat
{
    /// <summary>It is not, or not by anything that is known here.</summary>
    None,

    /// <summary>One or more gzip members (RFC 1952).</summary>
    Gzip,

    /// <summary>One or more Zstandard or skippable frames (RFC 8878).</summary>
    Zstd,

    /// <summary>One or more xz streams (the .xz file format, version 1.2.1).</summary>
    Xz,

    /// <summary>One or more bzip2 streams.</summary>
    Bzip2,
}
