using System.IO.Pipelines;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Conversion.Targets;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>Decompresses content while it passes: to hash it uncompressed, and perhaps to compress it otherwise.</summary>
/// <param name="compressor">Compresses it.</param>
/// <param name="options">How to convert.</param>
/// <param name="isDryRun">Whether all digests are wanted, since nothing is kept of which others could be computed.</param>
internal sealed class LayerDecoder(LayerCompressor compressor, ConversionOptions options, bool isDryRun)
{
    // Bytes on their way to the decoder.
    private const int PipeBytes = 1 << 20;

    /// <summary>Reads the content to its end. One more sink feeds a pipe, at whose other end it is decompressed.</summary>
    /// <param name="content">The content.</param>
    /// <param name="convert">The compression that it gets; null if only its digest is wanted.</param>
    /// <param name="sinks">Are given the bytes as they are stored.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="IpdrException">The content cannot be read, or the destination cannot be written. Broken compression is no exception: it is noted.</exception>
    public async Task<DecodedContent> DecodeAsync(PassingContent content, CompressionFormat? convert, IEnumerable<BlockPump.Sink> sinks, CancellationToken cancellationToken)
    {
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: PipeBytes, resumeWriterThreshold: PipeBytes / 2, minimumSegmentSize: 64 << 10, useSynchronizationContext: false));
        Task<DecodedContent> decoding = Task.Run(() => DecodeAsync(content, pipe.Reader, convert, cancellationToken), CancellationToken.None);
        try
        {
            await BlockPump.RunAsync(content.Body, [.. sinks, async (block, token) => await pipe.Writer.WriteAsync(block, token).ConfigureAwait(false)], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Break(pipe.Writer, e))
        {
            await Task.WhenAny(decoding).ConfigureAwait(false);
            throw;
        }
        await pipe.Writer.CompleteAsync().ConfigureAwait(false);
        return await decoding.ConfigureAwait(false);
    }

    private static bool Break(PipeWriter writer, Exception exception)
    {
        writer.Complete(exception);
        return true;
    }

    private async Task<DecodedContent> DecodeAsync(PassingContent content, PipeReader reader, CompressionFormat? convert, CancellationToken cancellationToken)
    {
        using DigestSet digests = new(isDryRun ? Enum.GetValues<DigestAlgorithm>() : [DigestAlgorithm.Sha256]);
        ContentForm? converted = null;
        Stream plain = Decompression.Open(reader.AsStream(), content.Stored);
        await using (plain.ConfigureAwait(false))
        {
            try
            {
                BlockPump.Sink hash = Bounded(digests);
                if (convert is { } target)
                    converted = await compressor.CompressAsync(plain, target, [hash], cancellationToken).ConfigureAwait(false);
                else
                    await BlockPump.RunAsync(plain, [hash], cancellationToken).ConfigureAwait(false);
                return new DecodedContent(digests.Finish(), converted, null);
            }
            catch (IpdrException e) when (e is CompressionFormatException || e.Fault.Code == FaultCode.Limit)
            {
                return new DecodedContent([], null, e.Fault.Within(content.Member.Path.ToString()));
            }
        }
    }

    private BlockPump.Sink Bounded(DigestSet digests) => (block, _) =>
    {
        if (digests.Length + block.Length > options.Limits.MaxLayerBytes)
            throw new IpdrException(new Fault(FaultCode.Limit, $"the layer expands to more than {options.Limits.MaxLayerBytes} bytes", "", "Raise the limit if this is what you want."));
        digests.Append(block.Span);
        return ValueTask.CompletedTask;
    };
}
