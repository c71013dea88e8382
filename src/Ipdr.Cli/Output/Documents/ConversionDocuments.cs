namespace Ipdr.Cli.Output.Documents;

/// <summary>What <c>ipdr convert --json</c> prints for several archives that went to different places.</summary>
internal sealed record ConversionDocuments(IReadOnlyList<ConversionDocument> Conversions);
