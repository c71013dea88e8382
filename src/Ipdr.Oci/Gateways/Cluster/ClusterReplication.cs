namespace Ipdr.Oci.Gateways.Cluster;

/// <summary>On how many peers of a cluster something shall be.</summary>
/// <param name="Min">At least; with fewer the pin fails. 0 for the cluster's own setting, -1 for all peers.</param>
/// <param name="Max">At most, where there are enough peers. 0 for the cluster's own setting, -1 for all peers.</param>
public sealed record ClusterReplication(int Min = 0, int Max = 0);
