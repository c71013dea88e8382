namespace Ipdr.Oci.Signatures;

/// <summary>How a signature of an image is written.</summary>
public enum SignatureForm
{
    /// <summary>A simple-signing payload that names the image, signed as it is (cosign, SIGNATURE_SPEC.md).</summary>
    SimpleSigning,

    /// <summary>A sigstore bundle with an in-toto statement about the image, signed in a DSSE envelope (cosign 3).</summary>
    Statement,

    /// <summary>A sigstore bundle with a signature of the manifest's own bytes.</summary>
    Message,
}
