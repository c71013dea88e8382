using Ipdr.Oci.Signatures;

namespace Ipdr.Cli.Verify;

/// <summary>Signatures as words.</summary>
internal static class SignatureText
{
    /// <summary>The form, as JSON has it.</summary>
    public static string Of(SignatureForm form) => form switch
    {
        SignatureForm.SimpleSigning => "simple-signing",
        SignatureForm.Statement => "statement",
        _ => "message",
    };

    /// <summary>One image in lines: with which keys it is signed, and what the signers claim.</summary>
    public static IEnumerable<string> LinesOf(SignedImage image)
    {
        string title = image.Names.Count > 0 ? $"{string.Join(", ", image.Names)} ({image.Digest})" : image.Digest.ToString();
        foreach (IGrouping<SignatureKey, ImageSignature> signatures in image.Signatures.GroupBy(signature => signature.Key))
            yield return $"signed: {title} with {signatures.Key.Name} ({signatures.Key.Kind}){string.Concat(signatures.Select(signature => ClaimsOf(signature.Claims)).Distinct())}";
        if (image.PartOf is { } index)
            yield return $"signed: {title} as a part of {index}";
        foreach (IGrouping<SignatureKey, ImageAttestation> attestations in image.Attestations.GroupBy(attestation => attestation.Key))
            yield return $"attested: {title} with {attestations.Key.Name}: {string.Join(", ", attestations.Select(attestation => attestation.PredicateType).Distinct())}";
        if (image.IsSigned && image.OtherSignatures > 0)
            yield return $"other signatures: {title} has {image.OtherSignatures} by other keys";
    }

    private static string ClaimsOf(SignatureClaims claims)
    {
        string[] said = [.. claims.Reference is { Length: > 0 } reference ? [$"as {reference}"] : Array.Empty<string>(), .. claims.Annotations.Select(pair => $"{pair.Key}={pair.Value}")];
        return said.Length > 0 ? $"; the signer claims: {string.Join(", ", said)}" : "";
    }
}
