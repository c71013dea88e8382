namespace Ipdr.Oci.Tests.Digests;

/// <summary>How a stream can be read to its end.</summary>
public enum ReadingWay
{
    Span,
    Array,
    ByteByByte,
    Memory,
    ArrayLater,
    CopyTo,
    CopyToLater,
}
