namespace Ipdr.Oci.Compression.Decoding;

/// <summary>Turns compressed bytes into plain ones, piece by piece, and knows nothing of streams.</summary>
internal abstract class StreamDecoder(CompressionFormat format) : IDisposable
{
    /// <summary>The format that is decoded.</summary>
    public CompressionFormat Format { get; } = format;

    /// <summary>The most that <see cref="Wanted"/> can be, in bytes.</summary>
    public abstract int MaxWanted { get; }

    /// <summary>How many input bytes the next call wants to see together, after <see cref="DecodeStep.NeedsInput"/>.</summary>
    public int Wanted { get; protected set; } = 1;

    /// <summary>Where in the compressed data the next call's input begins, in bytes: for messages.</summary>
    public long Origin { get; set; }

    /// <summary>Decodes what is at hand.</summary>
    /// <param name="input">The next compressed bytes, those not consumed by the call before included.</param>
    /// <param name="isLast">No bytes follow <paramref name="input"/>.</param>
    /// <param name="output">Takes plain bytes; not empty.</param>
    /// <param name="consumed">How much of the input was used.</param>
    /// <param name="written">How much of the output was filled.</param>
    /// <exception cref="CompressionFormatException">The data is malformed or a checksum does not hold.</exception>
    public abstract DecodeStep Decode(ReadOnlySpan<byte> input, bool isLast, Span<byte> output, out int consumed, out int written);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    protected CompressionFormatException Malformed(int at, string what) => CompressionFormatException.Malformed(Format, Origin + at, what);

    protected CompressionFormatException Mismatch(int at, string what, ulong expected, ulong actual) =>
        CompressionFormatException.Mismatch(Format, Origin + at, what, expected, actual);
}
