namespace Ipdr.Cli.Output.Documents;

/// <summary>A warning in a JSON result; the code is stable.</summary>
internal sealed record WarningDocument(string Code, string Where, string Message, string? Expected, string? Actual);
