using System.Text.Json.Serialization;

namespace Ipdr.Oci.Distribution;

/// <summary>What registries and token servers say.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 32)]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(NameListAnswer))]
[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class DistributionJson : JsonSerializerContext;
