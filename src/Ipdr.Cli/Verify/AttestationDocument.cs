namespace Ipdr.Cli.Verify;

/// <summary>A good attestation in a JSON result, which signs no image.</summary>
internal sealed record AttestationDocument(string Key, string Manifest, string PredicateType);
