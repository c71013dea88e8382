using Ipdr.Oci.Faults;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Tests.Signatures;
using Ipdr.Oci.Transfer;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>What a verification with keys reports, of each kind of place.</summary>
public sealed class SignatureVerificationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static VerificationOptions Options => new() { Keys = [TestSigner.Default.Key] };

    [Fact]
    public async Task Without_keys_nothing_is_said_of_signatures() =>
        Assert.Null((await Verifier.VerifyAsync(VerificationTarget.OfPath(SignedFixtures.PathOf("cosign-tag.tar")), null, null, Cancellation)).SignedImages);

    [Fact]
    public async Task A_folder_or_file_has_to_say_how_signatures_are_found() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Verifier.VerifyAsync(VerificationTarget.OfPath("."), Options, null, Cancellation));

    [Fact]
    public async Task An_archive_of_docker_save_is_never_signed_and_not_converted_to_find_that()
    {
        VerificationTarget target = VerificationTarget.OfPath(Fixtures.Archive("docker2010-one.tar")).WithSource(_ => throw new InvalidOperationException("it was opened"));
        VerificationReport report = await Verifier.VerifyAsync(target, Options, null, Cancellation);
        Assert.Equal([FaultCode.Unsigned], report.Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Code));
    }

    [Fact]
    public async Task A_place_that_cannot_be_opened_for_its_signatures_is_not_sound()
    {
        VerificationTarget target = VerificationTarget.OfPath(SignedFixtures.PathOf("cosign-tag.tar")).WithSource(_ => throw new IpdrException(new Fault(FaultCode.Io, "it cannot be read", "")));
        Assert.False((await Verifier.VerifyAsync(target, Options, null, Cancellation)).IsSound());
    }

    [Theory]
    [InlineData(FaultCode.NoImages)]
    [InlineData(FaultCode.BadReference)]
    [InlineData(FaultCode.Unchecked)]
    public async Task Where_no_image_is_found_nothing_is_signed(FaultCode code)
    {
        VerificationTarget target = VerificationTarget.OfSource(_ => throw new IpdrException(new Fault(code, "nothing is here", "")), "test");
        Assert.True((await Verifier.VerifyAsync(target, null, null, Cancellation)).IsSound());
        Assert.Equal([code, FaultCode.Unsigned], (await Verifier.VerifyAsync(target, Options, null, Cancellation)).Findings.Select(finding => finding.Code));
    }

    [Fact]
    public async Task Another_image_than_the_one_that_was_verified_is_not_taken_for_it()
    {
        string other = SignedFixtures.PathOf("cosign-index.tar");
        VerificationTarget target = VerificationTarget.OfPath(SignedFixtures.PathOf("cosign-tag.tar")).WithSource(token => OpenAsync(other, token));
        VerificationReport report = await Verifier.VerifyAsync(target, new VerificationOptions { Keys = [SignedFixtures.Key("p256.pub")] }, null, Cancellation);
        Assert.Equal([FaultCode.DigestMismatch], report.Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Code));
    }

    [Fact]
    public async Task A_source_is_asked_for_signatures_of_the_images_that_it_gave()
    {
        SignedPlace place = new();
        VerificationReport report = await Verifier.VerifyAsync(VerificationTarget.OfSource(_ => Task.FromResult<IImageSource>(place), "test"), Options, null, Cancellation);
        Finding finding = Assert.Single(report.Findings, finding => finding.Code == FaultCode.Unsigned);
        Assert.Equal((Severity.Error, $"blobs/sha256/{place.Image.Digest.Encoded}", "no signature"), (finding.Severity, finding.Place.File, finding.Fault.Actual));
        place.Attach(tagged: true, TestSigner.Default.Simple(TestSigner.Payload(place.Image.Digest)), TestSigner.Default.Simple("{}"u8.ToArray()));
        report = await Verifier.VerifyAsync(VerificationTarget.OfSource(_ => Task.FromResult<IImageSource>(place), "test"), Options, null, Cancellation);
        Assert.DoesNotContain(report.Findings, finding => finding.Code == FaultCode.Unsigned);
        Assert.Equal((Severity.Warning, "/layers/1"), Assert.Single(report.Findings, finding => finding.Code == FaultCode.BadSignature) is var bad ? (bad.Severity, bad.Place.JsonPointer) : default);
        Assert.True(Assert.Single(report.SignedImages!).IsSigned);
    }

    private static Task<IImageSource> OpenAsync(string path, CancellationToken cancellationToken) =>
        Places.OpenSourceAsync(new ImagePlace(PlaceKind.OciArchive, path, null), new PlaceOptions(), cancellationToken);
}
