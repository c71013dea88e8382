namespace Ipdr.Oci.Signatures.Formats;

/// <summary>Hints at a key; cosign writes its <see cref="SignatureKey.Fingerprint"/>. Nobody has signed the hint.</summary>
internal sealed record BundledKeyHint(string? Hint = null);
