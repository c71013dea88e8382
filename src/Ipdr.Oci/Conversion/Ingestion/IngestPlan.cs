using Ipdr.Oci.Compression;

namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>What is done with content while it passes.</summary>
/// <param name="Keep">Write it as it is stored.</param>
/// <param name="Decode">Decode it, to hash it uncompressed.</param>
/// <param name="Convert">Write it in another compression.</param>
internal readonly record struct IngestPlan(bool Keep, bool Decode, CompressionFormat? Convert)
{
    /// <summary>Decides by what is known of the content and what it looks like.</summary>
    /// <remarks>
    /// From a pipe nobody knows yet what the content is. What looks like a plain layer is compressed at once; what is compressed already is kept, since
    /// those who keep layers want these bytes and those who do not can still have others made of them, which the other way round is impossible.
    /// A dry run writes nothing that could be read again, so it computes both.
    /// </remarks>
    public static IngestPlan For(ContentUse use, CompressionFormat stored, CompressionFormat target, bool looksLikeTar, bool dryRun)
    {
        bool compressed = stored != CompressionFormat.None, changes = target != stored;
        if (use == ContentUse.Unknown)
        {
            bool convertNow = changes && (dryRun || (!compressed && looksLikeTar));
            return new IngestPlan(Keep: !convertNow || dryRun, Decode: compressed, convertNow ? target : null);
        }
        bool layer = use.HasFlag(ContentUse.Layer);
        return new IngestPlan(
            Keep: use.HasFlag(ContentUse.Blob) || !changes,
            Decode: layer && compressed,
            layer && changes ? target : null);
    }
}
