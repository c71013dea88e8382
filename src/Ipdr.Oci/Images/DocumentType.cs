using System.Text.Json;

namespace Ipdr.Oci.Images;

/// <summary>Tells manifests and indexes that come without a descriptor apart.</summary>
internal static class DocumentType
{
    /// <summary>What a server would tell in <c>Content-Type</c>: the document's own type, else what its members show. Documents of the OCI vocabulary need not have one.</summary>
    /// <returns>Null if it is neither a manifest nor an index, or no JSON.</returns>
    public static MediaType? Of(ReadOnlyMemory<byte> document)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(document);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            if (json.RootElement.TryGetProperty("mediaType", out JsonElement text) && text.ValueKind == JsonValueKind.String
                && MediaType.TryParse(text.GetString(), null, out MediaType own) && (own.IsIndex || own.IsManifest))
                return own;
            return json.RootElement.TryGetProperty("manifests", out _) ? MediaType.OciIndex : json.RootElement.TryGetProperty("config", out _) ? MediaType.OciManifest : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Text that is no Unicode fails when it is read, and not before.
            return null;
        }
    }
}
