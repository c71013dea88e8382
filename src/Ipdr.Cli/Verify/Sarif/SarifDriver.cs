namespace Ipdr.Cli.Verify.Sarif;

/// <summary>The tool's own part (section 3.19).</summary>
internal sealed record SarifDriver(string Name, string SemanticVersion, IReadOnlyList<SarifRule> Rules);
