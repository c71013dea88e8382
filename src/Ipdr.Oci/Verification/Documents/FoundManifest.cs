
namespace Ipdr.Oci.Verification.Documents;

/// <summary>As much of a manifest as could be read.</summary>
/// <param name="Config">The config's descriptor.</param>
/// <param name="Layers">The layers' descriptors in order; null for an entry that is none.</param>
/// <param name="Subject">What the manifest speaks of.</param>
/// <param name="ArtifactType">What kind of artifact it is.</param>
internal sealed record FoundManifest(FoundDescriptor? Config, IReadOnlyList<FoundDescriptor?> Layers, FoundDescriptor? Subject, string? ArtifactType)
{
    /// <summary>Is it a runnable image? BuildKit's attestations look like one; a label in the index tells, or layers of which none is a layer.</summary>
    public bool IsImage(bool isAttestation) =>
        Config?.MediaType is { IsImageConfig: true }
        && !isAttestation
        && (Layers.Count == 0 || Layers.Any(layer => layer?.MediaType is { IsLayer: true }));
}
