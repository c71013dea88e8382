namespace Ipdr.Cli.Verify.Sarif;

/// <summary>A place that is no stretch of a file (section 3.33): a JSON pointer, a member of an archive.</summary>
internal sealed record SarifLogicalLocation(string FullyQualifiedName);
