namespace Ipdr.Cli.Inspect;

/// <summary>An image in a JSON result; the CID is null where the place does not know it.</summary>
internal sealed record InspectedImageDocument(IReadOnlyList<string> Names, string? Cid, InspectedManifestDocument Manifest);
