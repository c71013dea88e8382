namespace Ipdr.Cli.Verify.Sarif;

/// <summary>A finding (section 3.27).</summary>
internal sealed record SarifResult(string RuleId, int RuleIndex, string Level, SarifText Message, IReadOnlyList<SarifLocation> Locations);
