namespace Ipdr.Cli.Output.Documents;

/// <summary>What <c>ipdr pull --json</c> prints. Members are only ever added.</summary>
internal sealed record PullDocument(
    string Reference, string Cid, string? Stored, string? Destination, string Digest, IReadOnlyList<string> ImageIds, IReadOnlyList<CopiedReferrerDocument> Referrers, long FetchedBytes, long ResumedBytes,
    IReadOnlyList<SourceDocument> Sources, IReadOnlyList<FaultDocument> Warnings);
