using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Signatures.Formats;

namespace Ipdr.Oci.Signatures;

/// <summary>A layer that is a simple-signing payload, with the signature in its descriptor (cosign, SIGNATURE_SPEC.md).</summary>
internal sealed class SimpleSigningCandidate : SignatureCandidate
{
    private readonly ReadOnlyMemory<byte> _payload;

    private SimpleSigningCandidate(ReadOnlyMemory<byte> payload, byte[] signature)
        : base(SignatureForm.SimpleSigning, new SignedMessage(payload), [signature]) => _payload = payload;

    /// <summary>Reads a layer.</summary>
    /// <exception cref="Faults.IpdrException">It has no signature, or one that is malformed.</exception>
    public static SimpleSigningCandidate Open(Descriptor layer, ReadOnlyMemory<byte> payload) =>
        layer.Annotations?.GetValueOrDefault(SimpleSigningPayload.SignatureAnnotation) is { } signature
            ? new SimpleSigningCandidate(payload, SignatureText.ReadBase64(signature, "signature"))
            : throw SignatureText.Bad($"a payload has no signature in {SimpleSigningPayload.SignatureAnnotation}");

    public override SignatureMeaning Read(Digest image)
    {
        SimpleSigningPayload payload = SignatureText.Read(_payload, SignatureJson.Default.SimpleSigningPayload, "payload");
        if (payload.Critical.Type != SimpleSigningCritical.CosignType)
            throw SignatureText.Bad($"the payload is signed, and is no \"{SimpleSigningCritical.CosignType}\" but \"{payload.Critical.Type}\"");
        string named = payload.Critical.Image.DockerManifestDigest;
        return new SignatureMeaning(named == image.ToString(), named, new SignatureClaims(payload.Critical.Identity?.DockerReference, SignatureText.Annotations(payload.Optional)));
    }
}
