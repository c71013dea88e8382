namespace Ipdr.Cli.Verify;

/// <summary>A good signature in a JSON result; <paramref name="Reference"/> and <paramref name="Annotations"/> are claims of the signer.</summary>
internal sealed record SignatureDocument(string Key, string KeyKind, string Manifest, string Form, string? Reference, IReadOnlyDictionary<string, string> Annotations);
