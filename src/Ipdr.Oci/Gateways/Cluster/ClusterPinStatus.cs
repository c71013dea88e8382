namespace Ipdr.Oci.Gateways.Cluster;

/// <summary>How far a cluster is with a pin.</summary>
/// <param name="Pinned">Peers that have it.</param>
/// <param name="Pending">Peers that are about to.</param>
/// <param name="Failures">What the others say.</param>
public sealed record ClusterPinStatus(int Pinned, int Pending, IReadOnlyList<string> Failures);
