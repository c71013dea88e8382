namespace Ipdr.Oci.Signatures.Formats;

/// <summary>The part of a simple-signing payload that every reader has to understand.</summary>
internal sealed record SimpleSigningCritical(SimpleSigningImage Image, string Type, SimpleSigningIdentity? Identity = null)
{
    /// <summary>The only type that is a signature of cosign's; GPG's have another.</summary>
    public const string CosignType = "cosign container image signature";
}
