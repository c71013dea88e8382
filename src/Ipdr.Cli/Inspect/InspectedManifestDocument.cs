using Ipdr.Cli.Output.Documents;

namespace Ipdr.Cli.Inspect;

/// <summary>A manifest or index in a JSON result; sizes in bytes, the total with all that is referred to.</summary>
internal sealed record InspectedManifestDocument(
    string Kind,
    string MediaType,
    string Digest,
    long Size,
    long TotalSize,
    string? Platform,
    string? ImageId,
    BlobDocument? Config,
    IReadOnlyList<LayerDocument> Layers,
    IReadOnlyList<InspectedManifestDocument> Manifests,
    IReadOnlyList<InspectedReferrerDocument> Referrers);
