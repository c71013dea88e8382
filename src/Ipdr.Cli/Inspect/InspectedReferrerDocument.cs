namespace Ipdr.Cli.Inspect;

/// <summary>What refers to a manifest, in a JSON result; the tag is there where that is what says so.</summary>
internal sealed record InspectedReferrerDocument(string? ArtifactType, string? Tag, InspectedManifestDocument Manifest);
