using System.Text.Json.Serialization;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Engines;

/// <summary>An image as an engine describes it.</summary>
/// <param name="Id">What the engine calls it: the digest of its config, or of its manifest or index where containerd keeps the images.</param>
public sealed record EngineImage([property: JsonPropertyName("Id")] string Id)
{
    /// <summary>Its names, in short form.</summary>
    public IReadOnlyList<string>? RepoTags { get; init; }

    /// <summary>The digests under which registries gave it.</summary>
    public IReadOnlyList<string>? RepoDigests { get; init; }

    /// <summary>GOOS value.</summary>
    public string? Os { get; init; }

    /// <summary>GOARCH value.</summary>
    public string? Architecture { get; init; }

    /// <summary>Variant of the processor.</summary>
    public string? Variant { get; init; }

    /// <summary>Its layers.</summary>
    [JsonPropertyName("RootFS")]
    public EngineLayers? RootFs { get; init; }

    /// <summary>The ID as a digest; null where it is none. podman leaves the algorithm out.</summary>
    [JsonIgnore]
    public Digest? ImageId => Digest.TryParse(Id, null, out Digest id) || Digest.TryParse("sha256:" + Id, null, out id) ? id : null;

    /// <summary>What it runs on.</summary>
    [JsonIgnore]
    public Platform Platform => new(Architecture ?? "", Os ?? "") { Variant = Variant is "" ? null : Variant };
}
