using System.Text.Json.Serialization;

namespace Ipdr.Oci.Archives;

/// <summary>The documents of archives. Docker reads their names whatever the case.</summary>
[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    AllowDuplicateProperties = false,
    MaxDepth = 32,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(IReadOnlyList<DockerManifestEntry>))]
[JsonSerializable(typeof(LayoutMarker))]
internal sealed partial class ArchiveJson : JsonSerializerContext;
