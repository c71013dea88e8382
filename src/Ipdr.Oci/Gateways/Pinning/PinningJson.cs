using System.Text.Json.Serialization;

namespace Ipdr.Oci.Gateways.Pinning;

/// <summary>How a pinning service is talked to.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 16, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PinRequest))]
[JsonSerializable(typeof(PinRequestList))]
[JsonSerializable(typeof(PinWish))]
internal sealed partial class PinningJson : JsonSerializerContext;
