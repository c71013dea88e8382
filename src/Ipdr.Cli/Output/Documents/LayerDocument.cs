namespace Ipdr.Cli.Output.Documents;

/// <summary>A layer in a JSON result; sizes in bytes. The recipe is that of layers compressed now.</summary>
internal sealed record LayerDocument(string MediaType, string Digest, long Size, string? DiffId, RecipeDocument? Recipe);
