using System.Security.Cryptography;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Signatures.Formats;

namespace Ipdr.Oci.Signatures;

/// <summary>A signature of the image's manifest to the byte, in a sigstore bundle.</summary>
internal sealed class MessageCandidate : SignatureCandidate
{
    private MessageCandidate(SignedMessage manifest, byte[] signature)
        : base(SignatureForm.Message, manifest, [signature])
    {
    }

    /// <summary>Reads a bundle's signature.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="manifest">The manifest or index for which it stands here.</param>
    /// <param name="hint">The fingerprint of the key that is said to have signed; may be null.</param>
    /// <exception cref="Faults.IpdrException">It is malformed, or says that it is of other bytes.</exception>
    public static MessageCandidate Open(BundledSignature signature, SignedMessage manifest, string? hint)
    {
        if (signature.MessageDigest is { } said && AlgorithmOf(said.Algorithm) is { } algorithm
            && !manifest.HashBy(algorithm).SequenceEqual(SignatureText.ReadBase64(said.Digest, "digest of the message")))
            throw SignatureText.Bad("the bundle says itself that it signs something else than this manifest");
        return new MessageCandidate(manifest, SignatureText.ReadBase64(signature.Signature, "signature")) { Hint = hint };
    }

    // What was verified is the manifest itself.
    public override SignatureMeaning Read(Digest image) => new(NamesImage: true, image.ToString(), SignatureClaims.None);

    // sigstore_common.proto, HashAlgorithm.
    private static HashAlgorithmName? AlgorithmOf(string name) => name switch
    {
        "SHA2_256" => HashAlgorithmName.SHA256,
        "SHA2_384" => HashAlgorithmName.SHA384,
        "SHA2_512" => HashAlgorithmName.SHA512,
        _ => null,
    };
}
