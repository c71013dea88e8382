namespace Ipdr.Cli.Verify;

/// <summary>An image and who has signed it, in a JSON result.</summary>
internal sealed record SignedImageDocument(
    IReadOnlyList<string> Names, string Digest, bool Ok, string? PartOf, IReadOnlyList<SignatureDocument> Signatures, IReadOnlyList<AttestationDocument> Attestations, int OtherSignatures);
