using Ipdr.Oci.Verification;

namespace Ipdr.Cli.Verify;

/// <summary>Puts what verification found on stdout.</summary>
internal interface IVerificationReport
{
    /// <summary>Writes all reports.</summary>
    /// <param name="reports">One for each target.</param>
    /// <param name="strict">Warnings count as failures.</param>
    void Write(IReadOnlyList<VerificationReport> reports, bool strict);
}
