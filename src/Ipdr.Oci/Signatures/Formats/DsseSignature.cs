namespace Ipdr.Oci.Signatures.Formats;

/// <summary>A signature in an envelope.</summary>
/// <param name="Sig">The signature in base64.</param>
internal sealed record DsseSignature(string Sig);
