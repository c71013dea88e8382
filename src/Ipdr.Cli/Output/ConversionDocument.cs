namespace Ipdr.Cli.Output;

/// <summary>What <c>ipdr convert --json</c> prints. Members are only ever added.</summary>
internal sealed record ConversionDocument(
    IReadOnlyList<ImageDocument> Images,
    IReadOnlyList<BlobDocument> Artifacts,
    string Layout,
    string? Output,
    IReadOnlyList<WarningDocument> Warnings);
