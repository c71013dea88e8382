using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Signatures;

/// <summary>Bytes, and what claims to be signatures of them.</summary>
/// <param name="form">How it is written.</param>
/// <param name="message">What is signed.</param>
/// <param name="signatures">Signatures of it; one that is good is enough.</param>
internal abstract class SignatureCandidate(SignatureForm form, SignedMessage message, IReadOnlyList<byte[]> signatures)
{
    public SignatureForm Form => form;

    public SignedMessage Message => message;

    public IReadOnlyList<byte[]> Signatures => signatures;

    /// <summary>The fingerprint of the key by which it is said to be signed; null where nothing is said. Nobody has signed that.</summary>
    public string? Hint { get; init; }

    /// <summary>It is something else than a signature of an image, whoever has signed it.</summary>
    public virtual bool IsAttestation => false;

    /// <summary>Reads what was signed. It is read only when a key has verified it.</summary>
    /// <param name="image">The image for which it stands here.</param>
    /// <exception cref="IpdrException">It is not what is signed for an image; <see cref="FaultCode.BadSignature"/>.</exception>
    public abstract SignatureMeaning Read(Digest image);
}
