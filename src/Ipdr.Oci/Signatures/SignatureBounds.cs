namespace Ipdr.Oci.Signatures;

/// <summary>What is looked at for one image. Anybody who may write to a registry can attach to an image what he likes.</summary>
internal static class SignatureBounds
{
    /// <summary>Manifests that refer to the image. A signer's thousandth signature says nothing new.</summary>
    public const int MaxManifests = 1_000;

    /// <summary>Signatures that are held against the keys; each is some tenths of a millisecond for each key.</summary>
    public const int MaxSignatures = 1_000;

    /// <summary>One payload or bundle, in bytes: cosign's have some hundred, with certificates and proofs of logs some ten thousand.</summary>
    public const int MaxPayloadBytes = 1 << 20;

    /// <summary>All manifests and payloads together, in bytes.</summary>
    public const long MaxBytes = 64L << 20;
}
