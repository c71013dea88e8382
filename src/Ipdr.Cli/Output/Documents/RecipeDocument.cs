namespace Ipdr.Cli.Output.Documents;

/// <summary>How a layer was compressed, in a JSON result; the block size in bytes.</summary>
internal sealed record RecipeDocument(string Name, int Level, int BlockSize);
