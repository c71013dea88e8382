using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ipdr.Oci.Images;

/// <summary>Media types in documents.</summary>
internal sealed class MediaTypeJsonConverter : JsonConverter<MediaType>
{
    public override MediaType Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && MediaType.TryParse(reader.GetString(), null, out MediaType result) ? result : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, MediaType value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
