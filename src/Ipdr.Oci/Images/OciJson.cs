using System.Text.Json.Serialization;

namespace Ipdr.Oci.Images;

/// <summary>The documents of image-spec as strict JSON: no duplicate names (RFC 7493), bounded depth; unknown members pass (considerations.md).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    MaxDepth = 64,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(DigestJsonConverter), typeof(MediaTypeJsonConverter)])]
[JsonSerializable(typeof(ImageManifest))]
[JsonSerializable(typeof(ImageIndex))]
internal sealed partial class OciJson : JsonSerializerContext;
