using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ipdr.Oci.Images;

/// <summary>Config and layers of one image, or the blobs of an artifact (image-spec, manifest.md). Properties are in the order in which they are written.</summary>
/// <param name="SchemaVersion">Always 2.</param>
public sealed record ImageManifest(int SchemaVersion)
{
    /// <summary>The document's own type; optional in OCI manifests.</summary>
    public MediaType? MediaType { get; init; }

    /// <summary>What kind of artifact this is, when the config does not tell.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>The config of the image.</summary>
    public required Descriptor Config { get; init; }

    /// <summary>The layers, bottom first; may be empty.</summary>
    public IReadOnlyList<Descriptor>? Layers { get; init; }

    /// <summary>The manifest that this one speaks of; it may be absent.</summary>
    public Descriptor? Subject { get; init; }

    /// <summary>Free key-value pairs.</summary>
    public Annotations? Annotations { get; init; }

    /// <summary>Members that the spec does not know; kept.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
