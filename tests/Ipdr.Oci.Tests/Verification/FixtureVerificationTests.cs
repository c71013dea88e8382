using System.Text.Json;
using Ipdr.Oci.Tests.Conversion;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>Every archive of tests/fixtures gets the verdict that fixtures.json says, for the reason that it says; so does what real tools wrote.</summary>
public sealed class FixtureVerificationTests
{
    public static TheoryData<string> Names => FixtureCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_archive_gets_its_verdict(string name)
    {
        JsonElement fixture = FixtureCases.Named(name);
        string verdict = FixtureCases.Text(fixture, "verdict"), reason = FixtureCases.Text(fixture, "reason_code");
        VerificationReport report = await VerifyAsync(name, new VerificationOptions());
        string[] codes = [.. report.Findings.Select(finding => finding.Fault.CodeText)];
        if (verdict == "accept")
            Assert.Equal([], report.Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Fault.ToString()));
        if (verdict == "reject")
            Assert.Contains(reason, codes);
        Assert.Equal(verdict == "reject", !report.IsSound() && verdict != "either");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_quick_verification_finds_nothing_that_the_whole_one_does_not(string name)
    {
        VerificationReport whole = await VerifyAsync(name, new VerificationOptions()), quick = await VerifyAsync(name, new VerificationOptions { Quick = true });
        Assert.Empty(quick.Findings.Except(whole.Findings));
    }

    private static Task<VerificationReport> VerifyAsync(string name, VerificationOptions options) =>
        Verifier.VerifyAsync(VerificationTarget.OfPath(Fixtures.Archive(name)), options, null, TestContext.Current.CancellationToken);
}
