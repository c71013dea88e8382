namespace Ipdr.Oci.Registries.Files;

/// <summary>A manifest of a layout, and what it refers to.</summary>
internal sealed record ServedManifest(RegistryManifest Manifest, ManifestSummary Summary);
