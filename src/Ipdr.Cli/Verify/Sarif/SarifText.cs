namespace Ipdr.Cli.Verify.Sarif;

/// <summary>A message (section 3.11).</summary>
internal sealed record SarifText(string Text);
