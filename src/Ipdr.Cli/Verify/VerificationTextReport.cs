using Ipdr.Cli.Output;
using Ipdr.Oci.Verification;

namespace Ipdr.Cli.Verify;

/// <summary>For logs and pipes: a line for each finding, what to do about it below, and a summary line for each target.</summary>
internal sealed class VerificationTextReport(TextWriter output) : IVerificationReport
{
    public void Write(IReadOnlyList<VerificationReport> reports, bool strict)
    {
        foreach (VerificationReport report in reports)
        {
            foreach (RepairedContent content in report.Repaired)
                output.WriteLine(Printable.Of($"repaired: {content.Path} from {content.From}"));
            foreach (Finding finding in report.Findings)
            {
                output.WriteLine(Printable.Of($"{SeverityText.Of(finding.Severity)}: {finding.Fault} [{finding.Fault.CodeText}]"));
                if (finding.Severity == Severity.Error)
                    output.WriteLine(Printable.Of($"  {finding.Fault.Remedy}"));
            }
            foreach (string line in (report.SignedImages ?? []).SelectMany(SignatureText.LinesOf))
                output.WriteLine(Printable.Of(line));
            output.WriteLine(Printable.Of(SummaryLine.Of(report, strict)));
        }
    }
}
