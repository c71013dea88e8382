using System.Text.Json.Serialization;

namespace Ipdr.Oci.Engines;

/// <summary>What engines say and what says where they are. Members that are not known here pass.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 32)]
[JsonSerializable(typeof(ContextSetting))]
[JsonSerializable(typeof(EngineContext))]
[JsonSerializable(typeof(EngineImage))]
[JsonSerializable(typeof(EngineMessage))]
[JsonSerializable(typeof(EngineRefusal))]
internal sealed partial class EngineJson : JsonSerializerContext;
