using Ipdr.Oci.Images;

namespace Ipdr.Oci.Archives;

/// <summary>What an archive may ask of its reader. None of them is reached by an image that a container engine could run.</summary>
public sealed record ArchiveLimits
{
    /// <summary>Members, those of a name that occurred before included. Default 200,000; the largest known saves have some thousands.</summary>
    public int MaxMembers { get; init; } = 200_000;

    /// <summary>Characters of all names and link targets of members together, which are held in memory. Default 32 Mi, 160 for each of the most members.</summary>
    public long MaxNameCharacters { get; init; } = 32L << 20;

    /// <summary>Size of <c>manifest.json</c> in bytes. Default 20 MiB, containerd's limit.</summary>
    public int MaxArchiveManifestBytes { get; init; } = 20 << 20;

    /// <summary>Size of any other document in bytes. Default 4 MiB.</summary>
    public int MaxDocumentBytes { get; init; } = Document.MaxBytes;

    /// <summary>Bytes of all documents of one archive together, which are held in memory; as many again of those with fixed names (<c>manifest.json</c> …). Default 64 MiB.</summary>
    public long MaxDocumentsBytes { get; init; } = 64L << 20;

    /// <summary>Links followed to reach one file. Default 40, what Linux follows.</summary>
    public int MaxLinkHops { get; init; } = 40;

    /// <summary>Index within index. Default 8.</summary>
    public int MaxIndexDepth { get; init; } = 8;

    /// <summary>Manifests and indexes reached from <c>index.json</c>, with repeats. Default 10,000.</summary>
    public int MaxManifests { get; init; } = 10_000;

    /// <summary>Plain size of one layer in bytes. Default 1 TiB: bombs are bounded by what the disk holds long before.</summary>
    public long MaxLayerBytes { get; init; } = 1L << 40;
}
