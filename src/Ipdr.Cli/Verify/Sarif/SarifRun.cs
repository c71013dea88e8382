namespace Ipdr.Cli.Verify.Sarif;

/// <summary>One run of the tool (section 3.14).</summary>
internal sealed record SarifRun(SarifTool Tool, IReadOnlyList<SarifResult> Results);
