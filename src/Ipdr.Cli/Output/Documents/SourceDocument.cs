namespace Ipdr.Cli.Output.Documents;

/// <summary>What a source gave, and why it was left out after that; null if it was not.</summary>
internal sealed record SourceDocument(string Source, long Blocks, long Bytes, FaultDocument? Dropped);
