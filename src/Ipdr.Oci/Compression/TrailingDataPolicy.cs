namespace Ipdr.Oci.Compression;

/// <summary>What to do about bytes behind the last gzip member, zstd frame, xz stream or bzip2 stream.</summary>
public enum TrailingDataPolicy
{
    /// <summary>They are an error. Go's readers, hence Docker and skopeo, refuse them too.</summary>
    Refuse,

    /// <summary>They are read, dropped and reported by <see cref="DecompressionStream.HasTrailingData"/>, as gzip(1) does.</summary>
    Report,
}
