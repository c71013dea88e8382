using System.Text.Json;
using System.Text.Json.Serialization;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Images;

/// <summary>Digests in documents. A bad one is a <see cref="JsonException"/> around the <see cref="DigestFormatException"/>, so that its place is known.</summary>
internal sealed class DigestJsonConverter : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException();
        string text = reader.GetString()!;
        DigestFault fault = Digest.Read(text, out Digest digest);
        return fault == DigestFault.None ? digest : throw new JsonException(null, new DigestFormatException(fault, text));
    }

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
