using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ipdr.Oci.Images;

/// <summary>A list of manifests (image-spec, image-index.md). Properties are in the order in which they are written.</summary>
/// <param name="SchemaVersion">Always 2.</param>
public sealed record ImageIndex(int SchemaVersion)
{
    /// <summary>The document's own type; optional in OCI indexes.</summary>
    public MediaType? MediaType { get; init; }

    /// <summary>What kind of artifact this is.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>The manifests; the first that fits a platform is the one to use.</summary>
    public required IReadOnlyList<Descriptor> Manifests { get; init; }

    /// <summary>The manifest that this index speaks of; it may be absent.</summary>
    public Descriptor? Subject { get; init; }

    /// <summary>Free key-value pairs.</summary>
    public Annotations? Annotations { get; init; }

    /// <summary>Members that the spec does not know; kept.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
