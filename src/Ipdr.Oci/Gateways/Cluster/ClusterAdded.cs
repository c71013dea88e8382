namespace Ipdr.Oci.Gateways.Cluster;

/// <summary>An entry of the answer to an add.</summary>
internal sealed record ClusterAdded(string? Name, string? Cid);
