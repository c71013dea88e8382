using System.Buffers;
using System.IO.Pipelines;
using Ipdr.Oci.Archives;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Verification.Layers;

namespace Ipdr.Oci.Verification.Content;

/// <summary>Reads a content once: hashes it as stored and uncompressed and walks it as a layer, each of them while the next bytes are read.</summary>
internal sealed class ContentExaminer(VerificationOptions options, IContentObserver? observer)
{
    // Bytes on their way to the decoder.
    private const int PipeBytes = 1 << 20;

    private int _contents;
    private long _bytes;

    /// <summary>Contents read so far.</summary>
    public int Contents => Volatile.Read(ref _contents);

    /// <summary>Bytes read so far, as stored.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Reads the whole content. What is wrong with it is among the facts, not thrown.</summary>
    /// <param name="name">What findings call the content.</param>
    /// <param name="size">Its size as the file system or archive tells, for the progress only.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="demand">What is wanted.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<ContentFacts> ExamineAsync(string name, long size, Stream content, ContentDemand demand, CancellationToken cancellationToken)
    {
        ContentProgress progress = new(name, size);
        observer?.Started(progress);
        try
        {
            PeekedStream body = new(content);
            CompressionFormat format = CompressionDetector.Detect((await body.PeekAsync(CompressionDetector.PrefixLength, cancellationToken).ConfigureAwait(false)).Span);
            ContentFacts facts = !demand.AsLayer ? await HashAsync(body, format, demand, progress, cancellationToken).ConfigureAwait(false)
                : format == CompressionFormat.None ? await ExaminePlainAsync(name, body, demand, progress, cancellationToken).ConfigureAwait(false)
                : await ExamineCompressedAsync(name, body, format, demand, progress, cancellationToken).ConfigureAwait(false);
            Note(facts.Size);
            return facts;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ContentFacts { Unreadable = new Fault(FaultCode.Io, "the content cannot be read: " + e.Message.TrimEnd('.'), "") };
        }
        finally
        {
            observer?.Finished(progress);
        }
    }

    /// <summary>Counts a content that was read elsewhere.</summary>
    public void Note(long bytes)
    {
        Interlocked.Increment(ref _contents);
        Interlocked.Add(ref _bytes, bytes);
    }

    // No stages here: hashing is all there is to do, and other contents keep the other cores busy.
    private static async Task<ContentFacts> HashAsync(Stream body, CompressionFormat format, ContentDemand demand, ContentProgress progress, CancellationToken cancellationToken)
    {
        using DigestSet digests = new(demand.Stored);
        byte[] rented = ArrayPool<byte>.Shared.Rent(BlockPump.BlockSize);
        try
        {
            Memory<byte> window = rented.AsMemory(0, BlockPump.BlockSize);
            for (int count; (count = await body.ReadAsync(window, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                digests.Append(window.Span[..count]);
                progress.Add(count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
        return new ContentFacts { Format = format, Size = digests.Length, Stored = digests.Finish() };
    }

    private async Task<ContentFacts> ExaminePlainAsync(string name, Stream body, ContentDemand demand, ContentProgress progress, CancellationToken cancellationToken)
    {
        using DigestSet digests = new(demand.Stored.Union(demand.Plain));
        LayerWalk walk = LayerWalk.Start(name, cancellationToken);
        long size = await walk.PumpAsync(body, [Hash(digests, progress)], cancellationToken).ConfigureAwait(false);
        LayerFacts layer = await walk.FinishAsync().ConfigureAwait(false);
        Dictionary<DigestAlgorithm, Digest> found = digests.Finish();
        Fault? tooLarge = size > options.MaxLayerBytes ? PastLimit($"the layer has more than {options.MaxLayerBytes} bytes", "--max-layer-size") : null;
        return new ContentFacts { Size = size, Stored = found, Plain = found, Layer = layer, DecodeFault = tooLarge };
    }

    // One more reader of the stored bytes feeds a pipe, at whose other end the content is decompressed.
    private async Task<ContentFacts> ExamineCompressedAsync(string name, Stream body, CompressionFormat format, ContentDemand demand, ContentProgress progress, CancellationToken cancellationToken)
    {
        using DigestSet digests = new(demand.Stored);
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: PipeBytes, resumeWriterThreshold: PipeBytes / 2, minimumSegmentSize: 64 << 10, useSynchronizationContext: false));
        Task<ContentFacts> decoding = Task.Run(() => DecodeAsync(name, format, pipe.Reader, demand, progress, cancellationToken), CancellationToken.None);
        Exception? failure = null;
        try
        {
            await BlockPump.RunAsync(body, [Hash(digests, progress), async (block, token) => await pipe.Writer.WriteAsync(block, token).ConfigureAwait(false)], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            failure = e;
            throw;
        }
        finally
        {
            await pipe.Writer.CompleteAsync(failure).ConfigureAwait(false);
            await ((Task)decoding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        ContentFacts plain = await decoding.ConfigureAwait(false);
        return new ContentFacts { Format = format, Size = digests.Length, Stored = digests.Finish(), Plain = plain.Plain, DecodeFault = plain.DecodeFault, Layer = plain.Layer };
    }

    private async Task<ContentFacts> DecodeAsync(string name, CompressionFormat format, PipeReader stored, ContentDemand demand, ContentProgress progress, CancellationToken cancellationToken)
    {
        using DigestSet digests = new(demand.Plain);
        LayerWalk walk = LayerWalk.Start(name, cancellationToken);
        DecompressionStream plain = Decompression.Open(stored.AsStream(), format);
        await using (plain.ConfigureAwait(false))
        {
            try
            {
                await walk.PumpAsync(plain, [Bound(Hash(digests, null), digests, progress)], cancellationToken).ConfigureAwait(false);
                LayerFacts layer = await walk.FinishAsync().ConfigureAwait(false);
                return new ContentFacts { Plain = digests.Finish(), Layer = layer };
            }
            catch (IpdrException e) when (e is CompressionFormatException || e.Fault.Code == FaultCode.Limit)
            {
                return new ContentFacts { DecodeFault = e.Fault };
            }
        }
    }

    private BlockPump.Sink Bound(BlockPump.Sink sink, DigestSet digests, ContentProgress progress) => (block, token) =>
    {
        long plain = digests.Length + block.Length;
        if (plain > options.MaxLayerBytes)
            throw new IpdrException(PastLimit($"the layer expands to more than {options.MaxLayerBytes} bytes", "--max-layer-size"));
        if (plain > VerificationOptions.FreeExpansionBytes && plain / options.MaxExpansion > Math.Max(progress.DoneBytes, 1))
            throw new IpdrException(PastLimit($"the layer expands to more than {options.MaxExpansion} times its size", "--max-ratio"));
        return sink(block, token);
    };

    private static Fault PastLimit(string what, string option) => new(FaultCode.Limit, what, "", $"If this is expected of the layer, raise {option}.");

    private static BlockPump.Sink Hash(DigestSet digests, ContentProgress? progress) => (block, _) =>
    {
        digests.Append(block.Span);
        progress?.Add(block.Length);
        return ValueTask.CompletedTask;
    };
}
