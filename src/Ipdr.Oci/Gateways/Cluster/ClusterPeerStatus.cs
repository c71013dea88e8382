namespace Ipdr.Oci.Gateways.Cluster;

/// <summary>What a peer says of a pin.</summary>
internal sealed record ClusterPeerStatus(string? Peername, string? Status, string? Error);
