using Ipdr.Oci.Archives;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Conversion.Targets;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;

namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>What is known of a member's content after it has passed.</summary>
/// <param name="plainDigests">Digests of the uncompressed bytes.</param>
internal sealed class IngestedContent(Dictionary<DigestAlgorithm, Digest> plainDigests)
{
    public required ArchiveMember Member { get; init; }

    /// <summary>How the member is compressed in the archive, by its first bytes.</summary>
    public required CompressionFormat Stored { get; init; }

    /// <summary>Digests of the bytes as stored; SHA-256 is always there, unless the content was left.</summary>
    public required Dictionary<DigestAlgorithm, Digest> StoredDigests { get; init; }

    /// <summary>Digests of the uncompressed bytes; empty when they were not looked at or could not be decoded.</summary>
    public Dictionary<DigestAlgorithm, Digest> PlainDigests { get; } = plainDigests;

    /// <summary>Why the content cannot be decoded: a fault only where it is used as a layer.</summary>
    public Fault? DecodeFault { get; init; }

    /// <summary>The digest by which the member is called, falsely: it was taken for a layer that is known, and nothing of it was kept.</summary>
    public Digest? BrokenPromise { get; set; }

    /// <summary>The content as stored.</summary>
    public ContentForm? Kept { get; set; }

    /// <summary>The content in the compression that the options ask for.</summary>
    public ContentForm? Converted { get; set; }

    /// <summary>It stays what it is and was left where it is: its digest is the one that names it, and nothing was compared.</summary>
    public bool IsLeft => Kept?.Content is BlobContent.AtSource;

    /// <summary>A later member of the same name has other content.</summary>
    public bool RepeatsDiffer { get; set; }
}
