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
    private readonly LayerCompressor _compressor = new(outputs, options);
    private readonly LayerRecall _recall = new(outputs, options);

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
        IngestPlan plan = IngestPlan.For(use, stored, LayerTarget.For(options.Compression, stored), TarSniffer.LooksLikeTar(start.Span), outputs.IsDryRun);
        if (member.Verified is { } verified && plan.Convert is null && (options.Digest ?? verified.Algorithm) == verified.Algorithm)
            return Leave(member, verified, stored);
        ContentProgress progress = new(member.Path.ToString(), member.Size);
        observer?.Started(progress);
        PassingContent passing = new(member, stored, body, progress);
        IngestedContent content = await TryRecallAsync(passing, use, plan, promise, cancellationToken).ConfigureAwait(false) is { } recalled ? recalled
            : stored == CompressionFormat.None ? await IngestPlainAsync(passing, plan, cancellationToken).ConfigureAwait(false)
            : await IngestCompressedAsync(passing, plan, cancellationToken).ConfigureAwait(false);
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
                await BlockPump.RunAsync(stream, [(block, _) => { digests.Append(block.Span); return ValueTask.CompletedTask; }], cancellationToken).ConfigureAwait(false);
            known[algorithm] = digest = digests.Finish()[algorithm];
        }
        return digest;
    }

    // Null when nothing of it is remembered.
    private async Task<IngestedContent?> TryRecallAsync(PassingContent content, ContentUse use, IngestPlan plan, LayerPromise? promise, CancellationToken cancellationToken)
    {
        if (content.Stored != CompressionFormat.None)
            return plan.Convert is null ? await _recall.TryTakeStoredAsync(content, use, promise, cancellationToken).ConfigureAwait(false) : null;
        if (plan.Convert is not { } format)
            return null;
        CompressionSettings? settings = _compressor.SettingsFor(format);
        return await _recall.TryTakePlainAsync(content, use, settings, promise, cancellationToken).ConfigureAwait(false) is { } taken ? taken
            : use == ContentUse.Unknown && _recall.IsWorthWaiting(content.Member, settings) ? await IngestExpectedAsync(content, format, settings!, cancellationToken).ConfigureAwait(false)
            : null;
    }

    // It may be any layer, one of those that are here or another: it waits in a file, which goes as soon as that is known.
    private async Task<IngestedContent> IngestExpectedAsync(PassingContent passing, CompressionFormat format, CompressionSettings settings, CancellationToken cancellationToken)
    {
        using MemberHasher digests = new(passing, options, outputs.IsDryRun);
        using StagedFile waiting = outputs.NewPassingFile();
        await BlockPump.RunAsync(passing.Body, [digests.AppendAsync, waiting.WriteAsync], cancellationToken).ConfigureAwait(false);
        Dictionary<DigestAlgorithm, Digest> found = digests.Finish();
        ContentForm plain = new(CompressionFormat.None, found[DigestAlgorithm.Sha256], digests.Length, new BlobContent.InFile(waiting, null));
        IngestedContent content = new(found) { Member = passing.Member, Stored = CompressionFormat.None, StoredDigests = found, Kept = plain };
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

    private async Task<IngestedContent> IngestPlainAsync(PassingContent passing, IngestPlan plan, CancellationToken cancellationToken)
    {
        using MemberHasher digests = new(passing, options, outputs.IsDryRun);
        using ContentOutput? kept = plan.Keep ? outputs.Open() : null;
        List<BlockPump.Sink> sinks = [digests.AppendAsync, .. kept?.Sinks ?? []];
        ContentForm? converted = null;
        if (plan.Convert is { } target)
            converted = await _compressor.CompressAsync(passing.Body, target, sinks, cancellationToken).ConfigureAwait(false);
        else
            await BlockPump.RunAsync(passing.Body, sinks, cancellationToken).ConfigureAwait(false);

        Dictionary<DigestAlgorithm, Digest> found = digests.Finish();
        if (converted is not null)
            converted = await RememberAsync(found[DigestAlgorithm.Sha256], converted, cancellationToken).ConfigureAwait(false);
        return new IngestedContent(found)
        {
            Member = passing.Member,
            Stored = CompressionFormat.None,
            StoredDigests = found,
            Kept = kept is null ? null : Complete(CompressionFormat.None, found, digests.Length, kept),
            Converted = converted,
        };
    }

    private async Task<IngestedContent> IngestCompressedAsync(PassingContent passing, IngestPlan plan, CancellationToken cancellationToken)
    {
        using MemberHasher digests = new(passing, options, outputs.IsDryRun);
        using ContentOutput? kept = plan.Keep ? outputs.Open() : null;
        BlockPump.Sink[] sinks = [digests.AppendAsync, .. kept?.Sinks ?? []];
        DecodedContent? decoded = null;
        if (plan.Decode)
            decoded = await new LayerDecoder(_compressor, options, outputs.IsDryRun).DecodeAsync(passing, plan.Convert, sinks, cancellationToken).ConfigureAwait(false);
        else
            await BlockPump.RunAsync(passing.Body, sinks, cancellationToken).ConfigureAwait(false);

        Dictionary<DigestAlgorithm, Digest> found = digests.Finish();
        ContentForm? stored = kept is null ? null : Complete(passing.Stored, found, digests.Length, kept);
        if (stored is not null && decoded?.Digests.TryGetValue(DigestAlgorithm.Sha256, out Digest diffId) == true)
            stored = await RememberAsync(diffId, stored, cancellationToken).ConfigureAwait(false);
        return new IngestedContent(decoded?.Digests ?? [])
        {
            Member = passing.Member,
            Stored = passing.Stored,
            StoredDigests = found,
            DecodeFault = decoded?.Fault,
            Kept = stored,
            Converted = decoded?.Converted,
        };
    }

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
}
