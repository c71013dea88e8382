using System.Text.Json.Serialization;

namespace Ipdr.Oci.Gateways.Routing;

/// <summary>How answers of routing servers are read. They spell their members with capitals.</summary>
[JsonSourceGenerationOptions(MaxDepth = 32)]
[JsonSerializable(typeof(ProviderList))]
internal sealed partial class RoutingJson : JsonSerializerContext;
