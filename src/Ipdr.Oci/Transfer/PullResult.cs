using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>What a pull did.</summary>
/// <param name="Root">The image's CID.</param>
/// <param name="Reference">What the image is called where it went.</param>
/// <param name="Stored">What it is called in the store; null where the store can only be read.</param>
/// <param name="Destination">Where it went beside the store; null for nowhere.</param>
/// <param name="Manifest">The digest of its manifest or index.</param>
/// <param name="ImageIds">The image IDs of what can be run of it.</param>
/// <param name="FetchedBytes">Bytes of blocks that were fetched.</param>
/// <param name="ResumedBytes">Bytes of unfinished blobs that a former try had fetched.</param>
/// <param name="Warnings">What was odd.</param>
public sealed record PullResult(
    Cid Root, string Reference, RepositoryReference? Stored, string? Destination, Digest Manifest, IReadOnlyList<Digest> ImageIds, long FetchedBytes, long ResumedBytes, IReadOnlyList<Fault> Warnings)
{
    /// <summary>What came with it, because it refers to it or to a part of it.</summary>
    public IReadOnlyList<SourceReferrer> Referrers { get; init; } = [];
}
