using System.Text.Json.Serialization;

namespace Ipdr.Oci.Gateways.Cluster;

/// <summary>A pin with what each peer says of it.</summary>
internal sealed record ClusterPin([property: JsonPropertyName("peer_map")] IReadOnlyDictionary<string, ClusterPeerStatus>? PeerMap);
