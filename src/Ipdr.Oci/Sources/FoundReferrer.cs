using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Sources;

/// <summary>A manifest that a place says refers to another one: a signature, an SBOM, an attestation.</summary>
/// <param name="Descriptor">Names it.</param>
/// <param name="Tag">The tag that says so by its form; null where the manifest itself must name its subject.</param>
public sealed record FoundReferrer(Descriptor Descriptor, Tag? Tag)
{
    /// <summary>The repository that the tag is in, as <see cref="ImageReference.Name"/> has it; null where the place says none. Default null.</summary>
    public string? Repository { get; init; }
}
