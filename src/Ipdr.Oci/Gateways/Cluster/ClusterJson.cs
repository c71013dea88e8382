using System.Text.Json.Serialization;

namespace Ipdr.Oci.Gateways.Cluster;

/// <summary>How a cluster's answers are read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 16)]
[JsonSerializable(typeof(ClusterAdded[]))]
[JsonSerializable(typeof(ClusterPin))]
internal sealed partial class ClusterJson : JsonSerializerContext;
