using System.Text.Json.Serialization;

namespace Ipdr.Oci.Images;

/// <summary>Image configs, whose members are spelt <c>snake_case</c> where they are new and lower case where they are old.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowDuplicateProperties = false,
    MaxDepth = 64,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(DigestJsonConverter)])]
[JsonSerializable(typeof(ImageConfig))]
internal sealed partial class ConfigJson : JsonSerializerContext;
