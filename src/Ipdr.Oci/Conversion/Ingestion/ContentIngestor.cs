using System.IO.Pipelines;
using Ipdr.Oci.Archives;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Conversion.Targets;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Staging;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>Takes content in as it passes, once: hashes it as stored and uncompressed, keeps it, compresses it.</summary>
/// <param name="outputs">Where it goes.</param>
/// <param name="options">How to convert.</param>
/// <param name="observer">Is told of the progress.</param>
internal sealed class ContentIngestor(ContentOutputs outputs, ConversionOptions options, IContentObserver? observer)
{
    // Bytes on their way to the decoder.
    private const int PipeBytes = 1 << 20;

    private readonly LayerCompressor _compressor = new(outputs, options);
    private readonly LayerRecall _recall = new(outputs, options);

    private bool IsDryRun => outputs.IsDryRun;

    /// <summary>Reads the whole content.</summary>
    /// <param name="member">The member.</param>
    /// <param name="body">Its content.</param>
    /// <param name="use">What it is needed as.</param>
    /// <param name="promise">What it must be, where all that speaks of it agrees; else null.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="IpdrException">The content cannot be read, or the destination cannot be written. Broken compression is no exception: it is noted.</exception>
    public async Task<IngestedContent> IngestAsync(ArchiveMember member, PeekedStream body, ContentUse use, LayerPromise? promise, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> start = await body.PeekAsync(TarSniffer.StartLength, cancellationToken).ConfigureAwait(false);
        CompressionFormat stored = CompressionDetector.Detect(start.Span);
        IngestPlan plan = IngestPlan.For(use, stored, LayerTarget.For(options.Compression, stored), TarSniffer.LooksLikeTar(start.Span), IsDryRun);
        if (member.Verified is { } verified && plan.Convert is null && (options.Digest ?? verified.Algorithm) == verified.Algorithm)
            return Leave(member, verified, stored);
        ContentProgress progress = new(member.Path.ToString(), member.Size);
        observer?.Started(progress);
        IngestedContent content = await TryRecallAsync(member, stored, body, use, plan, promise, progress, cancellationToken).ConfigureAwait(false) is { } recalled ? recalled
            : stored == CompressionFormat.None ? await IngestPlainAsync(member, body, plan, progress, cancellationToken).ConfigureAwait(false)
            : await IngestCompressedAsync(member, stored, body, plan, progress, cancellationToken).ConfigureAwait(false);
        observer?.Finished(progress);
        return content;
    }

    /// <summary>Content that stays what it is, where it is: whoever reads it there has it compared.</summary>
    /// <param name="member">The member.</param>
    /// <param name="verified">The digest that it is compared with.</param>
    /// <param name="stored">How it is compressed.</param>
    public static IngestedContent Leave(ArchiveMember member, Digest verified, CompressionFormat stored) => new([])
    {
        Member = member,
        Stored = stored,
        StoredDigests = new() { [verified.Algorithm] = verified },
        Kept = new ContentForm(stored, verified, member.Size, new BlobContent.AtSource()),
    };

    /// <summary>Takes in a small document that turned out to be a blob or a layer.</summary>
    public async Task<IngestedContent> IngestDocumentAsync(ArchiveMember member, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> bytes = member.Document!.Value;
        ContentIngestor hashing = new(new ContentOutputs(null, null), options with { Compression = LayerCompression.Preserve }, null);
        IngestedContent content = await hashing.IngestAsync(member, new PeekedStream(new DocumentStream(bytes)), ContentUse.Unknown, null, cancellationToken).ConfigureAwait(false);
        content.Kept = content.Kept! with { Content = new BlobContent.InMemory(bytes) };
        return content;
    }

    /// <summary>Makes the forms that content is needed in and does not have yet, from the one that it has.</summary>
    public async Task CompleteAsync(IngestedContent content, ContentUse use, CancellationToken cancellationToken)
    {
        CompressionFormat target = LayerTarget.For(options.Compression, content.Stored);
        if (use.HasFlag(ContentUse.Layer) && target != content.Stored && content.Converted is null && content.DecodeFault is null)
            content.Converted = await ConvertAsync(content, target, cancellationToken).ConfigureAwait(false);
        if (use.HasFlag(ContentUse.Blob) && content.Kept is null)
            content.Kept = (await TranscodeAsync(content.Converted!, CompressionFormat.None, cancellationToken).ConfigureAwait(false)) with { Digest = content.StoredDigests[DigestAlgorithm.Sha256] };
        if (!use.HasFlag(ContentUse.Blob) && content is { Converted: not null, Kept.Content: BlobContent.InFile superseded })
        {
            await superseded.File.DeleteAsync().ConfigureAwait(false);
            content.Kept = null;
        }
    }

    /// <summary>Makes sure that a digest of the content is known, as stored or uncompressed.</summary>
    public static async Task<Digest> DigestAsync(IngestedContent content, DigestAlgorithm algorithm, bool plain, CancellationToken cancellationToken)
    {
        Dictionary<DigestAlgorithm, Digest> known = plain ? content.PlainDigests : content.StoredDigests;
        if (!known.TryGetValue(algorithm, out Digest digest))
        {
            ContentForm form = (plain ? content.Kept ?? content.Converted : content.Kept) ?? content.Converted!;
            using DigestSet digests = new([algorithm]);
            Stream stream = OpenRead(form, decoded: plain || content.Kept is null);
            await using (stream.ConfigureAwait(false))
                await BlockPump.RunAsync(stream, [Hash(digests)], cancellationToken).ConfigureAwait(false);
            known[algorithm] = digest = digests.Finish()[algorithm];
        }
        return digest;
    }

    // Null when nothing of it is remembered.
    private Task<IngestedContent?> TryRecallAsync(
        ArchiveMember member, CompressionFormat stored, Stream body, ContentUse use, IngestPlan plan, LayerPromise? promise, ContentProgress progress, CancellationToken cancellationToken) =>
        (stored, plan.Convert) switch
        {
            (CompressionFormat.None, { } format) => TryRecallPlainAsync(member, body, use, format, promise, progress, cancellationToken),
            (not CompressionFormat.None, null) => TryRecallStoredAsync(member, stored, body, use, promise, progress, cancellationToken),
            _ => Task.FromResult<IngestedContent?>(null),
        };

    private async Task<IngestedContent?> TryRecallPlainAsync(
        ArchiveMember member, Stream body, ContentUse use, CompressionFormat format, LayerPromise? promise, ContentProgress progress, CancellationToken cancellationToken)
    {
        CompressionSettings? settings = _compressor.SettingsFor(format);
        if (use == ContentUse.Unknown)
        {
            return _recall.FindNamed(member, settings) is { } named ? await RecallNamedAsync(member, CompressionFormat.None, body, named, settings, progress, cancellationToken).ConfigureAwait(false)
                : _recall.IsWorthWaiting(member, settings) ? await RecallExpectedAsync(member, body, format, settings!, progress, cancellationToken).ConfigureAwait(false)
                : null;
        }
        return use == ContentUse.Layer && promise is { DiffId: var diffId } && (promise.Stored ?? diffId) == diffId && _recall.Find(diffId, settings) is { } known
            ? await RecallPromisedAsync(member, CompressionFormat.None, known, settings, progress, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private async Task<IngestedContent?> TryRecallStoredAsync(
        ArchiveMember member, CompressionFormat stored, Stream body, ContentUse use, LayerPromise? promise, ContentProgress progress, CancellationToken cancellationToken)
    {
        if (use == ContentUse.Unknown)
            return _recall.FindNamedStored(member) is { } named ? await RecallNamedAsync(member, stored, body, named, null, progress, cancellationToken).ConfigureAwait(false) : null;
        return use == ContentUse.Layer && _recall.FindStored(promise?.Stored) is { } known && known.DiffId == promise!.DiffId && known.Size == member.Size
            ? await RecallPromisedAsync(member, stored, known, null, progress, cancellationToken).ConfigureAwait(false)
            : null;
    }

    // The image is what its config says, and the layer that the config means is here, checked when it came: what the archive has in its place is not read.
    private async Task<IngestedContent> RecallPromisedAsync(
        ArchiveMember member, CompressionFormat stored, KnownLayer known, CompressionSettings? settings, ContentProgress progress, CancellationToken cancellationToken)
    {
        IngestedContent content = new(new() { [DigestAlgorithm.Sha256] = known.DiffId })
        {
            Member = member,
            Stored = stored,
            StoredDigests = new() { [DigestAlgorithm.Sha256] = NameAs(stored, known) },
        };
        await TakeAsync(content, known, settings, cancellationToken).ConfigureAwait(false);
        progress.Add(member.Size);
        return content;
    }

    // It is called by the digest of a layer that is here: content that is another has a false name, so nothing of it is written.
    private async Task<IngestedContent> RecallNamedAsync(
        ArchiveMember member, CompressionFormat stored, Stream body, KnownLayer named, CompressionSettings? settings, ContentProgress progress, CancellationToken cancellationToken)
    {
        using DigestSet digests = new(StoredAlgorithms(member));
        await BlockPump.RunAsync(body, [Hash(digests, progress)], cancellationToken).ConfigureAwait(false);
        Dictionary<DigestAlgorithm, Digest> found = Finish(digests, member);
        bool isTrue = found[DigestAlgorithm.Sha256] == NameAs(stored, named);
        Dictionary<DigestAlgorithm, Digest> plain = stored == CompressionFormat.None ? found : new() { [DigestAlgorithm.Sha256] = named.DiffId };
        IngestedContent content = new(isTrue ? plain : []) { Member = member, Stored = stored, StoredDigests = found, BrokenPromise = isTrue ? null : NameAs(stored, named) };
        if (isTrue)
            await TakeAsync(content, named, settings, cancellationToken).ConfigureAwait(false);
        return content;
    }

    // What a member that is this layer has for a digest, as it is stored.
    private static Digest NameAs(CompressionFormat stored, KnownLayer layer) => stored == CompressionFormat.None ? layer.DiffId : layer.Digest;

    // A plain member becomes the blob, a compressed one is the blob.
    private async Task TakeAsync(IngestedContent content, KnownLayer known, CompressionSettings? settings, CancellationToken cancellationToken)
    {
        if (settings is not null)
            content.Converted = await _recall.RecallAsync(known, settings.Format, settings, cancellationToken).ConfigureAwait(false);
        else
            content.Kept = await _recall.RecallAsync(known, content.Stored, null, cancellationToken).ConfigureAwait(false);
    }

    // It may be any layer, one of those that are here or another: it waits in a file, which goes as soon as that is known.
    private async Task<IngestedContent> RecallExpectedAsync(
        ArchiveMember member, Stream body, CompressionFormat format, CompressionSettings settings, ContentProgress progress, CancellationToken cancellationToken)
    {
        using DigestSet digests = new(StoredAlgorithms(member));
        using StagedFile waiting = outputs.NewPassingFile();
        await BlockPump.RunAsync(body, [Hash(digests, progress), waiting.WriteAsync], cancellationToken).ConfigureAwait(false);
        Dictionary<DigestAlgorithm, Digest> found = Finish(digests, member);
        ContentForm plain = new(CompressionFormat.None, found[DigestAlgorithm.Sha256], digests.Length, new BlobContent.InFile(waiting, null));
        IngestedContent content = new(found) { Member = member, Stored = CompressionFormat.None, StoredDigests = found, Kept = plain };
        content.Converted = _recall.Find(plain.Digest, settings) is { } known
            ? await _recall.RecallAsync(known, format, settings, cancellationToken).ConfigureAwait(false)
            : await ConvertAsync(content, format, cancellationToken).ConfigureAwait(false);
        content.Kept = null;
        await waiting.DeleteAsync().ConfigureAwait(false);
        return content;
    }

    private async Task<ContentForm> ConvertAsync(IngestedContent content, CompressionFormat target, CancellationToken cancellationToken)
    {
        Digest? diffId = content.PlainDigests.TryGetValue(DigestAlgorithm.Sha256, out Digest plain) ? plain : null;
        CompressionSettings? settings = _compressor.SettingsFor(target);
        if (_recall.Find(diffId, settings) is { } known)
            return await _recall.RecallAsync(known, target, settings, cancellationToken).ConfigureAwait(false);
        return await RememberAsync(diffId, await TranscodeAsync(content.Kept!, target, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ContentForm> RememberAsync(Digest? diffId, ContentForm form, CancellationToken cancellationToken) =>
        diffId is { } known && form is { Format: not CompressionFormat.None, Digest.Algorithm: DigestAlgorithm.Sha256 }
            ? await outputs.TakeLayerAsync(known, form, cancellationToken).ConfigureAwait(false)
            : form;

    private async Task<ContentForm> TranscodeAsync(ContentForm form, CompressionFormat target, CancellationToken cancellationToken)
    {
        Stream plain = OpenRead(form, decoded: true);
        await using (plain.ConfigureAwait(false))
            return await _compressor.CompressAsync(plain, target, [], cancellationToken).ConfigureAwait(false);
    }

    private async Task<IngestedContent> IngestPlainAsync(ArchiveMember member, Stream body, IngestPlan plan, ContentProgress progress, CancellationToken cancellationToken)
    {
        using DigestSet digests = new(StoredAlgorithms(member));
        using ContentOutput? kept = plan.Keep ? outputs.Open() : null;
        List<BlockPump.Sink> sinks = [Hash(digests, progress), .. kept?.Sinks ?? []];
        ContentForm? converted = null;
        if (plan.Convert is { } target)
            converted = await _compressor.CompressAsync(body, target, sinks, cancellationToken).ConfigureAwait(false);
        else
            await BlockPump.RunAsync(body, sinks, cancellationToken).ConfigureAwait(false);

        Dictionary<DigestAlgorithm, Digest> found = Finish(digests, member);
        if (converted is not null)
            converted = await RememberAsync(found[DigestAlgorithm.Sha256], converted, cancellationToken).ConfigureAwait(false);
        return new IngestedContent(found)
        {
            Member = member,
            Stored = CompressionFormat.None,
            StoredDigests = found,
            Kept = kept is null ? null : Complete(CompressionFormat.None, found, digests.Length, kept),
            Converted = converted,
        };
    }

    private async Task<IngestedContent> IngestCompressedAsync(ArchiveMember member, CompressionFormat stored, Stream body, IngestPlan plan, ContentProgress progress, CancellationToken cancellationToken)
    {
        using DigestSet digests = new(StoredAlgorithms(member));
        using ContentOutput? kept = plan.Keep ? outputs.Open() : null;
        List<BlockPump.Sink> sinks = [Hash(digests, progress), .. kept?.Sinks ?? []];
        DecodedContent decoded = plan.Decode
            ? await DecodeBesideAsync(member, stored, body, plan.Convert, sinks, cancellationToken).ConfigureAwait(false)
            : await OnlyReadAsync(body, sinks, cancellationToken).ConfigureAwait(false);

        Dictionary<DigestAlgorithm, Digest> found = Finish(digests, member);
        Digest? diffId = decoded.Digests.TryGetValue(DigestAlgorithm.Sha256, out Digest plain) ? plain : null;
        return new IngestedContent(decoded.Digests)
        {
            Member = member,
            Stored = stored,
            StoredDigests = found,
            DecodeFault = decoded.Fault,
            Kept = kept is null ? null : await RememberAsync(diffId, Complete(stored, found, digests.Length, kept), cancellationToken).ConfigureAwait(false),
            Converted = decoded.Converted,
        };
    }

    private static async Task<DecodedContent> OnlyReadAsync(Stream body, List<BlockPump.Sink> sinks, CancellationToken cancellationToken)
    {
        await BlockPump.RunAsync(body, sinks, cancellationToken).ConfigureAwait(false);
        return new DecodedContent([], null, null);
    }

    // One more sink feeds a pipe, at whose other end the content is decoded.
    private async Task<DecodedContent> DecodeBesideAsync(ArchiveMember member, CompressionFormat stored, Stream body, CompressionFormat? convert, List<BlockPump.Sink> sinks, CancellationToken cancellationToken)
    {
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: PipeBytes, resumeWriterThreshold: PipeBytes / 2, minimumSegmentSize: 64 << 10, useSynchronizationContext: false));
        Task<DecodedContent> decoding = Task.Run(() => DecodeAsync(member, stored, pipe.Reader, convert, cancellationToken), CancellationToken.None);
        sinks.Add(async (block, token) => await pipe.Writer.WriteAsync(block, token).ConfigureAwait(false));
        try
        {
            await BlockPump.RunAsync(body, sinks, cancellationToken).ConfigureAwait(false);
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

    private async Task<DecodedContent> DecodeAsync(ArchiveMember member, CompressionFormat stored, PipeReader reader, CompressionFormat? convert, CancellationToken cancellationToken)
    {
        using DigestSet digests = new(IsDryRun ? Enum.GetValues<DigestAlgorithm>() : [DigestAlgorithm.Sha256]);
        ContentForm? converted = null;
        Stream plain = Decompression.Open(reader.AsStream(), stored);
        await using (plain.ConfigureAwait(false))
        {
            try
            {
                BlockPump.Sink hash = Bound(Hash(digests), digests);
                if (convert is { } target)
                    converted = await _compressor.CompressAsync(plain, target, [hash], cancellationToken).ConfigureAwait(false);
                else
                    await BlockPump.RunAsync(plain, [hash], cancellationToken).ConfigureAwait(false);
                return new DecodedContent(digests.Finish(), converted, null);
            }
            catch (IpdrException e) when (e is CompressionFormatException || e.Fault.Code == FaultCode.Limit)
            {
                return new DecodedContent([], null, e.Fault.Within(member.Path.ToString()));
            }
        }
    }

    private BlockPump.Sink Bound(BlockPump.Sink sink, DigestSet digests) => (block, token) =>
        digests.Length + block.Length <= options.Limits.MaxLayerBytes
            ? sink(block, token)
            : throw new IpdrException(new Fault(FaultCode.Limit, $"the layer expands to more than {options.Limits.MaxLayerBytes} bytes", "", "Raise the limit if this is what you want."));

    private static BlockPump.Sink Hash(DigestSet digests, ContentProgress? progress = null) => (block, _) =>
    {
        digests.Append(block.Span);
        progress?.Add(block.Length);
        return ValueTask.CompletedTask;
    };

    private ContentForm Complete(CompressionFormat format, Dictionary<DigestAlgorithm, Digest> digests, long size, ContentOutput output) =>
        new(format, digests[options.Digest ?? DigestAlgorithm.Sha256], size, output.Complete());

    private static Stream OpenRead(ContentForm form, bool decoded)
    {
        Stream stored = form.Content switch
        {
            BlobContent.InFile file => file.File.OpenRead(),
            BlobContent.InMemory memory => new DocumentStream(memory.Bytes),
            BlobContent.InPlace known => known.OpenRead(),
            _ => throw new InvalidOperationException("a dry run keeps no content"),
        };
        return decoded ? Decompression.Open(stored, form.Format) : stored;
    }

    // Under blobs/sha512/… the name promises another digest than the one that every content gets.
    private IEnumerable<DigestAlgorithm> StoredAlgorithms(ArchiveMember member)
    {
        if (IsDryRun)
            return Enum.GetValues<DigestAlgorithm>();
        List<DigestAlgorithm> algorithms = [DigestAlgorithm.Sha256];
        if (options.Digest is { } wanted)
            algorithms.Add(wanted);
        if (DigestName.TryRead(member.Path.ToString(), out Digest promised))
            algorithms.Add(promised.Algorithm);
        // What is compared as it is read need not be hashed once more.
        return algorithms.Where(algorithm => algorithm != member.Verified?.Algorithm);
    }

    private static Dictionary<DigestAlgorithm, Digest> Finish(DigestSet digests, ArchiveMember member)
    {
        Dictionary<DigestAlgorithm, Digest> found = digests.Finish();
        if (member.Verified is { } verified)
            found[verified.Algorithm] = verified;
        return found;
    }
}
