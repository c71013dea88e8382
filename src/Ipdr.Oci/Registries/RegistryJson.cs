using System.Text.Json.Serialization;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Registries;

/// <summary>What a registry looks at before it knows what a document is, and what its catalogue keeps of one.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    MaxDepth = 64,
    Converters = [typeof(MediaTypeJsonConverter)])]
[JsonSerializable(typeof(ManifestProbe))]
[JsonSerializable(typeof(Annotations))]
internal sealed partial class RegistryJson : JsonSerializerContext;
