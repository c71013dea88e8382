namespace Ipdr.Cli.Verify;

/// <summary>Counts of a verification in a JSON result; bytes as stored.</summary>
internal sealed record VerificationSummary(int Errors, int Warnings, int Notes, int Blobs, long Bytes);
