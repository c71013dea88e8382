using Ipdr.Oci.Destinations.Dags;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>What a push did.</summary>
/// <param name="Root">The image's CID.</param>
/// <param name="Reference">What it is called in the store.</param>
/// <param name="Manifest">The digest of its manifest or index.</param>
/// <param name="ImageIds">The image IDs of what can be run of it.</param>
/// <param name="Delivered">What became of it elsewhere.</param>
/// <param name="Warnings">What was odd.</param>
public sealed record PushResult(
    Cid Root, RepositoryReference Reference, Digest Manifest, IReadOnlyList<Digest> ImageIds, IReadOnlyList<DagDelivered> Delivered, IReadOnlyList<Fault> Warnings)
{
    /// <summary>What went with it, because it refers to it or to a part of it.</summary>
    public IReadOnlyList<SourceReferrer> Referrers { get; init; } = [];
}
