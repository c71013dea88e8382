namespace Ipdr.Cli.Verify.Sarif;

/// <summary>A file as a relative or absolute URI reference (section 3.4).</summary>
internal sealed record SarifArtifactLocation(string Uri);
