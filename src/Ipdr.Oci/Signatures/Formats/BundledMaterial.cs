namespace Ipdr.Oci.Signatures.Formats;

/// <summary>What a bundle says of the key that signed.</summary>
internal sealed record BundledMaterial(BundledKeyHint? PublicKey = null);
