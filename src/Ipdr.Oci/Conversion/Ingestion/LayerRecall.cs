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

    /// <summary>A compressed layer that is here, or null.</summary>
    public KnownLayer? FindStored(Digest? blob) => blob is { Algorithm: DigestAlgorithm.Sha256 } stored ? Memory?.FindStored(stored) : null;

    /// <summary>The remembered layer that a plain member says it is by its name; null if it says nothing, or nothing that is remembered.</summary>
    public KnownLayer? FindNamed(ArchiveMember member, CompressionSettings? settings) => NamesIn(member).Select(named => Find(named, settings)).FirstOrDefault(known => known is not null);

    /// <summary>The same for a member that is compressed.</summary>
    public KnownLayer? FindNamedStored(ArchiveMember member) => NamesIn(member).Select(named => FindStored(named)).FirstOrDefault(known => known is not null);

    /// <summary>Whether a member that passes, and does not say what it is, may be one that is remembered: then it is worth to hash it before it is compressed.</summary>
    public bool IsWorthWaiting(ArchiveMember member, CompressionSettings? settings) =>
        // Among the blobs of a layout each is called by its own digest.
        Memory is not null && settings is not null && !DigestName.TryRead(member.Path.ToString(), out _) && _expected.Any(diffId => Find(diffId, settings) is not null);

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
