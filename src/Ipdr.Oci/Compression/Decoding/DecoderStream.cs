namespace Ipdr.Oci.Compression.Decoding;

/// <summary>A <see cref="StreamDecoder"/> between a source and a reader.</summary>
internal sealed class DecoderStream(StreamDecoder decoder, Stream source, DecompressionOptions options)
    : DecompressionStream(decoder.Format, new CompressedInput(source, Math.Max(MinBufferSize, decoder.MaxWanted), options.LeaveOpen), options)
{
    // Large reads cost least; pipes and sockets give no more than this at once.
    private const int MinBufferSize = 128 << 10;

    private protected override int Decode(Span<byte> buffer, out bool trailing)
    {
        while (true)
        {
            switch (Step(buffer, out int written, out trailing))
            {
                case DecodeStep.Progress when written > 0:
                    return written;
                case DecodeStep.NeedsInput:
                    Input.Fill(decoder.Wanted);
                    break;
                case DecodeStep.End:
                    if (!trailing)
                        Input.Fill(1);
                    trailing = !Input.Available.IsEmpty;
                    return 0;
            }
        }
    }

    private protected override async ValueTask<(int Read, bool Trailing)> DecodeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (Step(buffer.Span, out int written, out bool trailing))
            {
                case DecodeStep.Progress when written > 0:
                    return (written, false);
                case DecodeStep.NeedsInput:
                    await Input.FillAsync(decoder.Wanted, cancellationToken).ConfigureAwait(false);
                    break;
                case DecodeStep.End:
                    if (!trailing)
                        await Input.FillAsync(1, cancellationToken).ConfigureAwait(false);
                    return (0, !Input.Available.IsEmpty);
            }
        }
    }

    private protected override void DisposeDecoder() => decoder.Dispose();

    private DecodeStep Step(Span<byte> output, out int written, out bool trailing)
    {
        bool isLast = Input.SourceEnded;
        decoder.Origin = Input.Position;
        DecodeStep step = decoder.Decode(Input.Available, isLast, output, out int consumed, out written);
        Input.Advance(consumed);
        trailing = !Input.Available.IsEmpty;
        if (written > 0)
            return DecodeStep.Progress;
        if (step == DecodeStep.NeedsInput && isLast)
            throw CompressionFormatException.Truncated(Format, Input.BytesRead);
        return step;
    }
}
