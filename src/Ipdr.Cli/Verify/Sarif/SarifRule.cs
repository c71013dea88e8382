namespace Ipdr.Cli.Verify.Sarif;

/// <summary>A code (section 3.49).</summary>
internal sealed record SarifRule(string Id, SarifText ShortDescription, SarifText Help, SarifConfiguration DefaultConfiguration);
