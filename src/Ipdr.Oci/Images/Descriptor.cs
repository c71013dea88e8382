using System.Text.Json;
using System.Text.Json.Serialization;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Images;

/// <summary>Names content by type, digest and size (image-spec, descriptor.md). Properties are in the order in which they are written.</summary>
/// <param name="MediaType">What the content is.</param>
/// <param name="Digest">The content's name.</param>
/// <param name="Size">The content's size in bytes.</param>
public sealed record Descriptor(MediaType MediaType, Digest Digest, long Size)
{
    /// <summary>Where the content can be fetched from as well.</summary>
    public IReadOnlyList<string>? Urls { get; init; }

    /// <summary>Free key-value pairs, ordered by key.</summary>
    public Annotations? Annotations { get; init; }

    /// <summary>The content itself, in base64.</summary>
    public string? Data { get; init; }

    /// <summary>The type of an artifact whose manifest this names.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>What the image runs on; in an index only.</summary>
    public Platform? Platform { get; init; }

    /// <summary>Members that the spec does not know; kept.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
