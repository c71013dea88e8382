namespace Ipdr.Cli.Output;

/// <summary>How a layer was compressed, in a JSON result; the block size in bytes.</summary>
internal sealed record RecipeDocument(string Name, int Level, int BlockSize);
