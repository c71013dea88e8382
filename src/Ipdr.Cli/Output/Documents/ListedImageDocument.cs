namespace Ipdr.Cli.Output.Documents;

/// <summary>An image of a place by name, in a JSON result: the name is null for one that has none, the digest for those of registries, of which only the tags are asked for.</summary>
internal sealed record ListedImageDocument(string? Name, string? Digest);
