namespace Ipdr.Cli.Verify;

/// <summary>What <c>ipdr verify --json</c> prints for several targets.</summary>
internal sealed record VerificationDocuments(bool Ok, IReadOnlyList<VerificationDocument> Targets);
