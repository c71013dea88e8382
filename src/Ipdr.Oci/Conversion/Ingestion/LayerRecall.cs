using Ipdr.Oci.Archives;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Conversion.Targets;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Layouts;

namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>Uses layers that are remembered instead of compressing them, or decompressing them to check them, again.</summary>
/// <param name="outputs">Where content goes.</param>
/// <param name="options">What is remembered, and what to expect.</param>
internal sealed class LayerRecall(ContentOutputs outputs, ConversionOptions options)
{
    private readonly HashSet<Digest> _expected = [.. options.ExpectedLayers];

    // A dry run must know the content's CID, which is not remembered; and blobs are remembered by SHA-256 alone.
    private ILayerMemory? Memory => outputs.IsDryRun || options.Digest is not (null or DigestAlgorithm.Sha256) ? null : options.Memory;

    /// <summary>The blob that a layer became, or null.</summary>
    public KnownLayer? Find(Digest? diffId, CompressionSettings? settings) =>
        diffId is { Algorithm: DigestAlgorithm.Sha256 } known && settings is not null ? Memory?.Find(known, settings) : null;

    /// <summary>Whether a plain member that passes, and does not say what it is, may be one that is remembered: then it is worth to hash it before it is compressed.</summary>
    public bool IsWorthWaiting(ArchiveMember member, CompressionSettings? settings) =>
        // Among the blobs of a layout each is called by its own digest.
        Memory is not null && settings is not null && !DigestName.TryRead(member.Path.ToString(), out _) && _expected.Any(diffId => Find(diffId, settings) is not null);

    /// <summary>Takes the layer that a plain member is from what is remembered; null if it has to be compressed as it passes.</summary>
    /// <param name="content">The member.</param>
    /// <param name="use">What it is needed as.</param>
    /// <param name="settings">How it would be compressed.</param>
    /// <param name="promise">What it must be, where all that speaks of it agrees; else null.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<IngestedContent?> TryTakePlainAsync(PassingContent content, ContentUse use, CompressionSettings? settings, LayerPromise? promise, CancellationToken cancellationToken)
    {
        if (use == ContentUse.Unknown)
        {
            KnownLayer? named = NamesIn(content.Member).Select(name => Find(name, settings)).FirstOrDefault(known => known is not null);
            return named is null ? null : await TakeNamedAsync(content, named, settings, cancellationToken).ConfigureAwait(false);
        }
        return use == ContentUse.Layer && promise is not null && (promise.Stored ?? promise.DiffId) == promise.DiffId && Find(promise.DiffId, settings) is { } known
            ? await TakePromisedAsync(content, known, settings, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <summary>Takes the layer that a compressed member is from what is remembered; null if it has to be decompressed to be checked.</summary>
    /// <inheritdoc cref="TryTakePlainAsync" path="/param"/>
    public async Task<IngestedContent?> TryTakeStoredAsync(PassingContent content, ContentUse use, LayerPromise? promise, CancellationToken cancellationToken)
    {
        if (use == ContentUse.Unknown)
        {
            KnownLayer? named = NamesIn(content.Member).Select(name => FindStored(name)).FirstOrDefault(known => known is not null);
            return named is null ? null : await TakeNamedAsync(content, named, null, cancellationToken).ConfigureAwait(false);
        }
        return use == ContentUse.Layer && FindStored(promise?.Stored) is { } known && known.DiffId == promise!.DiffId && known.Size == content.Member.Size
            ? await TakePromisedAsync(content, known, null, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <summary>The layer in the output: there already, or copied and checked.</summary>
    /// <param name="known">The layer.</param>
    /// <param name="format">How it is compressed.</param>
    /// <param name="settings">By what; null if it was not compressed here.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="DigestMismatchException">What was remembered is damaged.</exception>
    public async Task<ContentForm> RecallAsync(KnownLayer known, CompressionFormat format, CompressionSettings? settings, CancellationToken cancellationToken)
    {
        if (outputs.HoldsKnownLayers)
            return new ContentForm(format, known.Digest, known.Size, new BlobContent.InPlace(known.OpenRead), settings);
        using ContentOutput output = outputs.Open();
        VerifyingStream stream = new(known.OpenRead(), known.Digest, known.Size, "a layer that is remembered");
        await using (stream.ConfigureAwait(false))
            await BlockPump.RunAsync(stream, [.. output.Sinks], cancellationToken).ConfigureAwait(false);
        return new ContentForm(format, known.Digest, known.Size, output.Complete(), settings);
    }

    private KnownLayer? FindStored(Digest? blob) => blob is { Algorithm: DigestAlgorithm.Sha256 } stored ? Memory?.FindStored(stored) : null;

    // The image is what its config says, and the layer that the config means is here, checked when it came: what the archive has in its place is not read.
    private async Task<IngestedContent> TakePromisedAsync(PassingContent content, KnownLayer known, CompressionSettings? settings, CancellationToken cancellationToken)
    {
        IngestedContent taken = new(Only(known.DiffId)) { Member = content.Member, Stored = content.Stored, StoredDigests = Only(NameAs(content.Stored, known)) };
        await TakeAsync(taken, known, settings, cancellationToken).ConfigureAwait(false);
        content.Progress.Add(content.Member.Size);
        return taken;
    }

    // It is called by the digest of a layer that is here: content that is another has a false name, so nothing of it is written.
    private async Task<IngestedContent> TakeNamedAsync(PassingContent content, KnownLayer named, CompressionSettings? settings, CancellationToken cancellationToken)
    {
        using MemberHasher digests = new(content, options, outputs.IsDryRun);
        await BlockPump.RunAsync(content.Body, [digests.AppendAsync], cancellationToken).ConfigureAwait(false);
        Dictionary<DigestAlgorithm, Digest> found = digests.Finish();
        Digest name = NameAs(content.Stored, named);
        if (found[DigestAlgorithm.Sha256] != name)
            return new IngestedContent([]) { Member = content.Member, Stored = content.Stored, StoredDigests = found, BrokenPromise = name };
        IngestedContent taken = new(content.Stored == CompressionFormat.None ? found : Only(named.DiffId)) { Member = content.Member, Stored = content.Stored, StoredDigests = found };
        await TakeAsync(taken, named, settings, cancellationToken).ConfigureAwait(false);
        return taken;
    }

    // A plain member becomes the blob, a compressed one is the blob.
    private async Task TakeAsync(IngestedContent content, KnownLayer known, CompressionSettings? settings, CancellationToken cancellationToken)
    {
        ContentForm form = await RecallAsync(known, settings?.Format ?? content.Stored, settings, cancellationToken).ConfigureAwait(false);
        if (content.Stored == CompressionFormat.None)
            content.Converted = form;
        else
            content.Kept = form;
    }

    // The digest that a member has as it is stored, if it is this layer.
    private static Digest NameAs(CompressionFormat stored, KnownLayer layer) => stored == CompressionFormat.None ? layer.DiffId : layer.Digest;

    private static Dictionary<DigestAlgorithm, Digest> Only(Digest digest) => new() { [digest.Algorithm] = digest };

    // Writers call a layer by the digest of its bytes, which is the DiffId of a plain one: blobs/sha256/HEX, HEX.tar, HEX/layer.tar.
    private static IEnumerable<Digest> NamesIn(ArchiveMember member)
    {
        foreach (string part in member.Path.ToString().Split('/'))
        {
            if (Digest.TryParse($"sha256:{(part.EndsWith(".tar", StringComparison.Ordinal) ? part[..^4] : part)}", null, out Digest named))
                yield return named;
        }
    }
}
