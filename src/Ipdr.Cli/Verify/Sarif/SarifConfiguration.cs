namespace Ipdr.Cli.Verify.Sarif;

/// <summary>How bad a finding of a code is (section 3.50).</summary>
internal sealed record SarifConfiguration(string Level);
