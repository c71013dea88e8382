namespace Ipdr.Cli.Output.Documents;

/// <summary>A manifest or config in a JSON result; sizes in bytes.</summary>
internal sealed record BlobDocument(string MediaType, string Digest, long Size);
