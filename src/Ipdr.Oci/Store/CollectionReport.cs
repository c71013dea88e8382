using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Store;

/// <summary>What a collection removed, or would remove.</summary>
/// <param name="Manifests">Manifests and indexes.</param>
/// <param name="Blobs">Other blobs.</param>
/// <param name="Uploads">Uploads that nobody continued.</param>
/// <param name="Strays">Files that the catalogue does not know: left by a process that was killed.</param>
/// <param name="Bytes">Space of all of them, in bytes.</param>
public sealed record CollectionReport(
    IReadOnlyList<Digest> Manifests, IReadOnlyList<Digest> Blobs, int Uploads, int Strays, long Bytes)
{
    /// <summary>Blocks from elsewhere that nobody had read for long, and what killed processes left beside them.</summary>
    public int CachedBlocks { get; init; }
}
