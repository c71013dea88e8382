namespace Ipdr.Cli.Output;

/// <summary>A layer in a JSON result; sizes in bytes.</summary>
internal sealed record LayerDocument(string MediaType, string Digest, long Size, string? DiffId);
