namespace Ipdr.Oci.Compression;

/// <summary>How strictly and how politely a compressed stream is read.</summary>
public sealed record DecompressionOptions
{
    /// <summary>What to do about bytes behind the compressed data. Default: they are an error.</summary>
    public TrailingDataPolicy TrailingData { get; init; } = TrailingDataPolicy.Refuse;

    /// <summary>Whether the source stays open when the stream of decoded bytes is disposed of. Default: it does not.</summary>
    public bool LeaveOpen { get; init; }
}
