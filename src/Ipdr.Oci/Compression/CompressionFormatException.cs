using System.Globalization;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Compression;

/// <summary>Compressed data is cut short, malformed, fails its own checksum or length, or is followed by something else.</summary>
public sealed class CompressionFormatException(Fault fault, CompressionFormat format, long offset, Exception? inner = null)
    : IpdrException(fault, inner)
{
    /// <summary>The format that the data should have.</summary>
    public CompressionFormat Format { get; } = format;

    /// <summary>Where in the compressed data, in bytes from its start; how far reading had come where no decoder can tell more.</summary>
    public long Offset { get; } = offset;

    internal static CompressionFormatException Truncated(CompressionFormat format, long length) => new(
        new Fault(FaultCode.Truncated, $"the {NameOf(format)} data ends too early", Place(length), "Fetch the file again; this copy is incomplete."),
        format,
        length);

    internal static CompressionFormatException Malformed(CompressionFormat format, long offset, string what, Exception? inner = null) => new(
        new Fault(FaultCode.BadCompression, what, Place(offset), "Fetch the file again; this copy is damaged."),
        format,
        offset,
        inner);

    internal static CompressionFormatException Mismatch(CompressionFormat format, long offset, string what, ulong expected, ulong actual) => new(
        new Fault(FaultCode.BadCompression, what, Place(offset), "Fetch the file again; this copy is damaged.")
        {
            Expected = expected.ToString("x", CultureInfo.InvariantCulture),
            Actual = actual.ToString("x", CultureInfo.InvariantCulture),
        },
        format,
        offset);

    internal static CompressionFormatException Unsupported(CompressionFormat format, long offset, string what) => new(
        new Fault(FaultCode.BadCompression, what, Place(offset), $"Compress the data again with the plain settings of {NameOf(format)}."),
        format,
        offset);

    internal static CompressionFormatException PastLimit(CompressionFormat format, long offset, string what, long limit) => new(
        new Fault(FaultCode.Limit, what, Place(offset), "Compress the data again with a smaller window.")
        {
            Expected = $"at most {limit.ToString(CultureInfo.InvariantCulture)} bytes",
        },
        format,
        offset);

    internal static CompressionFormatException Trailing(CompressionFormat format, long offset) => new(
        new Fault(FaultCode.TrailingData, $"data follows the end of the {NameOf(format)} data", Place(offset), "Cut the file at its end or compress it again."),
        format,
        offset);

    private static string Place(long offset) => $"byte {offset.ToString(CultureInfo.InvariantCulture)}";

    private static string NameOf(CompressionFormat format) => format switch
    {
        CompressionFormat.Gzip => "gzip",
        CompressionFormat.Zstd => "zstd",
        CompressionFormat.Xz => "xz",
        CompressionFormat.Bzip2 => "bzip2",
        _ => "plain",
    };
}
