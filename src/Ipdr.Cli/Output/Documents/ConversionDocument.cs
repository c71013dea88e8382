namespace Ipdr.Cli.Output.Documents;

/// <summary>What <c>ipdr convert --json</c> prints. Members are only ever added. The CID is that of the whole output, by the rules of the profile; both are null where none was wanted.</summary>
internal sealed record ConversionDocument(
    IReadOnlyList<ImageDocument> Images,
    IReadOnlyList<BlobDocument> Artifacts,
    string Layout,
    string? Output,
    string? Cid,
    ProfileDocument? Profile,
    IReadOnlyList<FaultDocument> Warnings);
