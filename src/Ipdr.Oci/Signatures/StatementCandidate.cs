using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Signatures.Formats;

namespace Ipdr.Oci.Signatures;

/// <summary>An in-toto statement in a DSSE envelope. It is a signature of the image where it says nothing else of it.</summary>
internal sealed class StatementCandidate : SignatureCandidate
{
    // Envelopes of cosign have one; more than some say nothing new.
    private const int MaxSignatures = 16;

    private readonly ReadOnlyMemory<byte> _payload;
    private readonly string _type;

    // Under a tag of attestations nothing is a signature of the image.
    private readonly bool _attests;

    private StatementCandidate(ReadOnlyMemory<byte> payload, string type, IReadOnlyList<byte[]> signatures, bool attests)
        : base(SignatureForm.Statement, new SignedMessage(DsseEnvelope.Encode(type, payload.Span)), signatures) => (_payload, _type, _attests) = (payload, type, attests);

    public override bool IsAttestation
    {
        get
        {
            try
            {
                return _attests || ReadStatement().PredicateType != InTotoStatement.CosignSignature;
            }
            catch (IpdrException)
            {
                // What nobody can read signs nothing either.
                return false;
            }
        }
    }

    /// <summary>Reads an envelope.</summary>
    /// <param name="envelope">The envelope.</param>
    /// <param name="attests">It cannot be a signature of the image.</param>
    /// <param name="hint">The fingerprint of the key that is said to have signed; may be null.</param>
    /// <exception cref="IpdrException">It is malformed.</exception>
    public static StatementCandidate Open(DsseEnvelope envelope, bool attests, string? hint)
    {
        if (envelope.Signatures.Count is 0 or > MaxSignatures)
            throw SignatureText.Bad($"the envelope has {envelope.Signatures.Count} signatures; 1 to {MaxSignatures} are taken");
        if (envelope.Signatures.Contains(null!))
            throw SignatureText.Bad("one of the signatures of the envelope is null");
        byte[] payload = SignatureText.ReadBase64(envelope.Payload, "payload of the envelope");
        return new StatementCandidate(payload, envelope.PayloadType, [.. envelope.Signatures.Select(signature => SignatureText.ReadBase64(signature.Sig, "signature of the envelope"))], attests) { Hint = hint };
    }

    public override SignatureMeaning Read(Digest image)
    {
        InTotoStatement statement = ReadStatement();
        InTotoSubject? subject = statement.Subject.FirstOrDefault(one => one?.Is(image) == true);
        string named = string.Join(", ", statement.Subject.Take(3).SelectMany(one => one?.Digest ?? []).Select(digest => $"{digest.Key}:{digest.Value}"));
        bool signs = !_attests && statement.PredicateType == InTotoStatement.CosignSignature;
        return new SignatureMeaning(subject is not null, named, new SignatureClaims(subject?.Name is { Length: > 0 } name ? name : null, SignatureText.Annotations(subject?.Annotations)))
        {
            PredicateType = signs ? null : statement.PredicateType,
        };
    }

    private InTotoStatement ReadStatement()
    {
        if (_type != InTotoStatement.PayloadType)
            throw SignatureText.Bad($"the envelope holds no {InTotoStatement.PayloadType} but \"{_type}\"");
        InTotoStatement statement = SignatureText.Read(_payload, SignatureJson.Default.InTotoStatement, "statement");
        return InTotoStatement.IsKnown(statement.Type) ? statement : throw SignatureText.Bad($"the statement is of a version that is not known here: \"{statement.Type}\"");
    }
}
