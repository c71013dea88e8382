namespace Ipdr.Cli.Verify.Sarif;

/// <summary>The tool (section 3.18).</summary>
internal sealed record SarifTool(SarifDriver Driver);
