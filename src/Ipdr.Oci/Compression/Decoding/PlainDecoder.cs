namespace Ipdr.Oci.Compression.Decoding;

/// <summary>Gives out what it takes.</summary>
internal sealed class PlainDecoder() : StreamDecoder(CompressionFormat.None)
{
    public override int MaxWanted => 1;

    public override DecodeStep Decode(ReadOnlySpan<byte> input, bool isLast, Span<byte> output, out int consumed, out int written)
    {
        consumed = written = Math.Min(input.Length, output.Length);
        input[..written].CopyTo(output);
        return written > 0 ? DecodeStep.Progress : isLast ? DecodeStep.End : DecodeStep.NeedsInput;
    }
}
