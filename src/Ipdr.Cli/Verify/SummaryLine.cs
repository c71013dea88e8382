using System.Globalization;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Verification;

namespace Ipdr.Cli.Verify;

/// <summary>One target in one line.</summary>
internal static class SummaryLine
{
    public static string Of(VerificationReport report, bool strict)
    {
        string verdict = report.IsSound(strict) ? "sound" : "NOT SOUND";
        string counts = string.Join(", ", new[]
        {
            Count(report.Count(Severity.Error), "error"), Count(report.Count(Severity.Warning), "warning"), Count(report.Count(Severity.Note), "note"),
        }.Where(count => count[0] != '0'));
        string read = $"{Count(report.Blobs, "blob")}, {ByteSize.Text(report.Bytes)} checked";
        string left = report.Quick ? "; quick: layers were not decompressed, DiffIds not checked" : "";
        return $"{report.Target}: {verdict}{(counts.Length > 0 ? $", {counts}" : "")} ({read}{left})";
    }

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
