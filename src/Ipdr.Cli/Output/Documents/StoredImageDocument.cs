namespace Ipdr.Cli.Output.Documents;

/// <summary>An image of the store in a JSON result; sizes in bytes, of all that it reaches.</summary>
internal sealed record StoredImageDocument(
    string Repository, string? Tag, string Digest, string MediaType, long Size, string? ImageId, string? Platform, DateTimeOffset? Updated, string? Cid);
