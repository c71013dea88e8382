using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Transfer;

/// <summary>A manifest that refers to another one, looked at.</summary>
/// <param name="Manifest">What it is, and what refers to it in turn.</param>
/// <param name="ArtifactType">What it calls itself, else the type of its config; null for an index that says nothing.</param>
/// <param name="Tag">The tag that says whom it refers to; null where its own <c>subject</c> does.</param>
public sealed record InspectedReferrer(InspectedManifest Manifest, string? ArtifactType, Tag? Tag);
