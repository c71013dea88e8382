namespace Ipdr.Cli.Verify;

/// <summary>What <c>ipdr verify --json</c> prints for one target. Members are only ever added.</summary>
internal sealed record VerificationDocument(
    string Target, bool Ok, bool Quick, VerificationSummary Summary, IReadOnlyList<FindingDocument> Findings, IReadOnlyList<RepairedDocument> Repaired,
    IReadOnlyList<SignedImageDocument>? Signed);
