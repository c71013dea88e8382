using Ipdr.Oci.Compression;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Verification.Layers;

namespace Ipdr.Oci.Verification.Content;

/// <summary>What reading a content once has shown. Whether that is right is for others to judge.</summary>
internal sealed class ContentFacts
{
    /// <summary>Why the content could not be read to its end; then nothing else is known.</summary>
    public Fault? Unreadable { get; init; }

    /// <summary>The target does without the content by now, and has removed it; nothing else is known then, and nothing is wrong.</summary>
    public bool IsGone { get; init; }

    /// <summary>Bytes as stored.</summary>
    public long Size { get; init; }

    /// <summary>Digests of the bytes as stored.</summary>
    public IReadOnlyDictionary<DigestAlgorithm, Digest> Stored { get; init; } = new Dictionary<DigestAlgorithm, Digest>();

    /// <summary>How it is compressed, by its first bytes.</summary>
    public CompressionFormat Format { get; init; }

    /// <summary>Digests of the uncompressed bytes; empty when they were not wanted or could not be had.</summary>
    public IReadOnlyDictionary<DigestAlgorithm, Digest> Plain { get; init; } = new Dictionary<DigestAlgorithm, Digest>();

    /// <summary>Why it could not be decompressed.</summary>
    public Fault? DecodeFault { get; init; }

    /// <summary>The archive has the same name again with other content.</summary>
    public bool RepeatsDiffer { get; set; }

    /// <summary>What is in it, when it was walked as a layer.</summary>
    public LayerFacts? Layer { get; init; }
}
