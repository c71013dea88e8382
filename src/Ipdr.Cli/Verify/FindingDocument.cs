namespace Ipdr.Cli.Verify;

/// <summary>A finding in a JSON result; the code is stable.</summary>
internal sealed record FindingDocument(string Code, string Severity, string Where, string Message, string? Expected, string? Actual, string Remedy);
