namespace Ipdr.Oci.Registries;

/// <summary>A manifest of a layout, and what it refers to.</summary>
internal sealed record ServedManifest(RegistryManifest Manifest, ManifestSummary Summary);
