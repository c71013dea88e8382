using System.Text.Encodings.Web;
using System.Text.Json;
using Ipdr.Oci.Signatures;
using Ipdr.Oci.Verification;

namespace Ipdr.Cli.Verify;

/// <summary>For programs: one document, or one that holds a document for each target.</summary>
internal sealed class VerificationJsonReport(TextWriter output) : IVerificationReport
{
    // With + and letters of all languages written as themselves.
    private static readonly VerificationJson Readable =
        new(new JsonSerializerOptions(VerificationJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public void Write(IReadOnlyList<VerificationReport> reports, bool strict)
    {
        VerificationDocument[] documents = [.. reports.Select(report => Document(report, strict))];
        output.WriteLine(documents is [var only]
            ? JsonSerializer.Serialize(only, Readable.VerificationDocument)
            : JsonSerializer.Serialize(new VerificationDocuments(documents.All(document => document.Ok), documents), Readable.VerificationDocuments));
    }

    private static VerificationDocument Document(VerificationReport report, bool strict) => new(
        report.Target,
        report.IsSound(strict),
        report.Quick,
        new VerificationSummary(report.Count(Severity.Error), report.Count(Severity.Warning), report.Count(Severity.Note), report.Blobs, report.Bytes),
        [.. report.Findings.Select(Finding)],
        [.. report.Repaired.Select(content => new RepairedDocument(content.Path, content.Digest.ToString(), content.From))],
        report.SignedImages is { } signed ? [.. signed.Select(Image)] : null);

    private static SignedImageDocument Image(SignedImage image) => new(
        image.Names,
        image.Digest.ToString(),
        image.IsSigned,
        image.PartOf?.ToString(),
        [.. image.Signatures.Select(signature => new SignatureDocument(signature.Key.Name, signature.Key.Kind, signature.Manifest.ToString(), SignatureText.Of(signature.Form), signature.Claims.Reference, signature.Claims.Annotations))],
        [.. image.Attestations.Select(attestation => new AttestationDocument(attestation.Key.Name, attestation.Manifest.ToString(), attestation.PredicateType))],
        image.OtherSignatures);

    private static FindingDocument Finding(Finding finding) => new(
        finding.Fault.CodeText,
        SeverityText.Of(finding.Severity),
        finding.Place.ToString(),
        finding.Fault.What,
        finding.Fault.Expected,
        finding.Fault.Actual,
        finding.Fault.Remedy);
}
