using Ipdr.Oci.Archives;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Conversion.Targets;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Layouts;

namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>Uses layers that were compressed before instead of compressing them again.</summary>
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

    /// <summary>The remembered layer that a member says it is by its name; null if it says nothing, or nothing that is remembered.</summary>
    public (Digest DiffId, KnownLayer Layer)? FindNamed(ArchiveMember member, CompressionSettings? settings)
    {
        foreach (Digest named in NamesIn(member.Path.ToString()))
        {
            if (Find(named, settings) is { } known)
                return (named, known);
        }
        return null;
    }

    /// <summary>Whether a member that passes, and does not say what it is, may be one that is remembered: then it is worth to hash it before it is compressed.</summary>
    public bool IsWorthWaiting(ArchiveMember member, CompressionSettings? settings) =>
        // Among the blobs of a layout each is called by its own digest.
        Memory is not null && settings is not null && !DigestName.TryRead(member.Path.ToString(), out _) && _expected.Any(diffId => Find(diffId, settings) is not null);

    /// <summary>The layer in the output: there already, or copied and checked.</summary>
    /// <exception cref="DigestMismatchException">What was remembered is damaged.</exception>
    public async Task<ContentForm> RecallAsync(KnownLayer known, CompressionSettings settings, CancellationToken cancellationToken)
    {
        if (outputs.HoldsKnownLayers)
            return new ContentForm(settings.Format, known.Digest, known.Size, new BlobContent.InPlace(known.OpenRead), settings);
        using ContentOutput output = outputs.Open();
        VerifyingStream stream = new(known.OpenRead(), known.Digest, known.Size, "a layer that was compressed before");
        await using (stream.ConfigureAwait(false))
            await BlockPump.RunAsync(stream, [.. output.Sinks], cancellationToken).ConfigureAwait(false);
        return new ContentForm(settings.Format, known.Digest, known.Size, output.Complete(), settings);
    }

    // Writers call a plain layer by its DiffId: blobs/sha256/HEX, HEX.tar, HEX/layer.tar.
    private static IEnumerable<Digest> NamesIn(string path)
    {
        foreach (string part in path.Split('/'))
        {
            if (Digest.TryParse($"sha256:{(part.EndsWith(".tar", StringComparison.Ordinal) ? part[..^4] : part)}", null, out Digest named))
                yield return named;
        }
    }
}
