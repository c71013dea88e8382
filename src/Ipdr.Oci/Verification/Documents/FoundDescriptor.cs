using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Verification.Documents;

/// <summary>As much of a descriptor as could be read.</summary>
/// <param name="Place">Where it stands.</param>
internal sealed record FoundDescriptor(Place Place)
{
    public MediaType? MediaType { get; init; }

    public Digest? Digest { get; init; }

    public long? Size { get; init; }

    public string? ArtifactType { get; init; }

    public Platform? Platform { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public string? Annotation(string key) => Annotations.GetValueOrDefault(key);

    /// <summary>BuildKit's attestations look like images; their annotation tells.</summary>
    public bool IsAttestation => Annotation(Images.Annotations.DockerReferenceType) == Images.Annotations.AttestationManifest;

    /// <summary>A layer that engines leave out on purpose because it is fetched from its <c>urls</c>.</summary>
    public bool MayBeAbsent => MediaType is { IsForeignLayer: true };
}
