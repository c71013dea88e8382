using Ipdr.Oci.Faults;
using Ipdr.Oci.Signatures;
using Ipdr.Oci.Transfer;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Signatures;

/// <summary>Images that a real cosign has signed, in each form that it writes, are signed here, and by nobody else.</summary>
public sealed class CosignFixtureTests
{
    private const string Predicate = "https://cosign.sigstore.dev/attestation/v1";

    [Theory]
    [InlineData("tag", SignatureForm.SimpleSigning, "127.0.0.1:5871/fixture/tag")]
    [InlineData("subject", SignatureForm.SimpleSigning, "127.0.0.1:5871/fixture/subject")]
    [InlineData("statement", SignatureForm.Statement, "127.0.0.1:5871/fixture/statement")]
    [InlineData("message", SignatureForm.Message, null)]
    [InlineData("index", SignatureForm.SimpleSigning, "127.0.0.1:5871/fixture/index")]
    public async Task A_signature_of_cosigns_is_good_with_its_key_alone(string name, SignatureForm form, string? reference)
    {
        VerificationReport report = await VerifyAsync(name, "other.pub", "p256.pub");
        Assert.True(report.IsSound());
        SignedImage image = Assert.Single(report.SignedImages!);
        ImageSignature signature = Assert.Single(image.Signatures);
        Assert.Equal(("p256.pub", form, reference), (signature.Key.Name, signature.Form, signature.Claims.Reference));
        Assert.Equal(0, image.OtherSignatures);

        report = await VerifyAsync(name, "other.pub");
        Assert.False(report.IsSound());
        Assert.Equal([FaultCode.Unsigned], report.Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Code));
        Assert.Equal((0, 1), (report.SignedImages![0].Signatures.Count, report.SignedImages[0].OtherSignatures));
    }

    [Fact]
    public async Task Annotations_are_claims_of_the_signer() =>
        Assert.Equal([new("build", "42"), new("channel", "stable")], (await VerifyAsync("tag", "p256.pub")).SignedImages![0].Signatures[0].Claims.Annotations);

    [Theory]
    [InlineData("p256.pub", "ECDSA P-256")]
    [InlineData("p256.crt", "ECDSA P-256")]
    [InlineData("p384.pub", "ECDSA P-384")]
    [InlineData("p384-sha384.pub", "ECDSA P-384")]
    [InlineData("p521.pub", "ECDSA P-521")]
    [InlineData("rsa.pub", "RSA 2048")]
    [InlineData("rsa-pss.pub", "RSA 3072")]
    public async Task Each_of_several_signatures_is_found_by_its_own_key(string key, string kind)
    {
        VerificationReport report = await VerifyAsync("keys", key);
        Assert.True(report.IsSound());
        Assert.Equal(kind, Assert.Single(report.SignedImages![0].Signatures).Key.Kind);
        Assert.Equal(6, report.SignedImages[0].OtherSignatures);
        Assert.Equal(key.EndsWith(".crt", StringComparison.Ordinal), report.Findings.Any(finding => finding.Code == FaultCode.Unchecked));
    }

    [Fact]
    public async Task Several_keys_are_all_told_that_have_signed() =>
        Assert.Equal(["rsa.pub", "p521.pub", "p256.pub"], (await VerifyAsync("keys", "rsa.pub", "other.pub", "p256.pub", "p521.pub")).SignedImages![0].Signatures.Select(signature => signature.Key.Name).OrderByDescending(name => name, StringComparer.Ordinal));

    [Fact]
    public async Task An_attestation_by_the_key_signs_nothing_and_is_told()
    {
        VerificationReport report = await VerifyAsync("attested", "p256.pub");
        SignedImage image = Assert.Single(report.SignedImages!);
        Assert.False(image.IsSigned);
        Assert.Equal([Predicate, Predicate], image.Attestations.Select(attestation => attestation.PredicateType));
        Finding finding = Assert.Single(report.Findings, finding => finding.Severity == Severity.Error);
        Assert.Equal(FaultCode.Unsigned, finding.Code);
        Assert.Contains(Predicate, finding.Fault.Actual, StringComparison.Ordinal);
        Assert.Empty((await VerifyAsync("attested", "other.pub")).SignedImages![0].Attestations);
    }

    private static Task<VerificationReport> VerifyAsync(string name, params string[] keys)
    {
        string path = SignedFixtures.PathOf($"cosign-{name}.tar");
        VerificationTarget target = VerificationTarget.OfPath(path).WithSource(token => Places.OpenSourceAsync(new ImagePlace(PlaceKind.OciArchive, path, null), new PlaceOptions(), token));
        return Verifier.VerifyAsync(target, new VerificationOptions { Keys = [.. keys.Select(SignedFixtures.Key)] }, null, TestContext.Current.CancellationToken);
    }
}
