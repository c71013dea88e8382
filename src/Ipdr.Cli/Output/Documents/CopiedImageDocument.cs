namespace Ipdr.Cli.Output.Documents;

/// <summary>A copied image in a JSON result: what it is called there, what it is, the image IDs of what runs, and the digest that it had at its source; what went with it.</summary>
internal sealed record CopiedImageDocument(string Reference, BlobDocument Manifest, IReadOnlyList<string> ImageIds, string OriginalDigest, IReadOnlyList<CopiedReferrerDocument> Referrers);
