using System.Reflection;
using System.Text.Json;
using Ipdr.Cli.Verify.Sarif;
using Ipdr.Oci.Verification;

namespace Ipdr.Cli.Verify;

/// <summary>For CI systems: one SARIF document for all targets.</summary>
internal sealed class SarifReport(TextWriter output) : IVerificationReport
{
    public void Write(IReadOnlyList<VerificationReport> reports, bool strict)
    {
        FindingCatalogue.Entry[] rules = [.. FindingCatalogue.All];
        SarifResult[] results = [.. reports.SelectMany(report => report.Findings.Select(finding => Result(report, finding, Array.FindIndex(rules, rule => rule.Code == finding.Code))))];
        SarifDriver driver = new("ipdr", Version, [.. rules.Select(Rule)]);
        output.WriteLine(JsonSerializer.Serialize(new SarifLog(SarifLog.Schema210, SarifLog.Version210, [new SarifRun(new SarifTool(driver), results)]), VerificationJson.Default.SarifLog));
    }

    // What follows a plus sign in an assembly's version is the commit, which is no part of SARIF's version.
    private static string Version => typeof(SarifReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static SarifRule Rule(FindingCatalogue.Entry entry) =>
        new(entry.Text, new SarifText(entry.Meaning), new SarifText(entry.Remedy), new SarifConfiguration(SeverityText.Of(entry.Severity)));

    private static SarifResult Result(VerificationReport report, Finding finding, int rule)
    {
        string message = finding.Fault with { Where = "" } + ". " + finding.Fault.Remedy;
        return new SarifResult(finding.Fault.CodeText, rule, SeverityText.Of(finding.Severity), new SarifText(message), [Location(report.Target, finding.Place)]);
    }

    // Members of archives are no files of their own: there the archive is the file, and the rest of the place is said in words.
    private static SarifLocation Location(string target, Place place)
    {
        bool isFile = place.File.Length == 0 || Directory.Exists(target);
        string path = place.File.Length > 0 && isFile ? $"{target.TrimEnd('/')}/{place.File}" : target;
        string rest = (isFile ? place with { File = "" } : place).ToString();
        SarifPhysicalLocation physical = new(new SarifArtifactLocation(UriOf(path)))
        {
            Region = isFile && place is { Member: null, ByteOffset: { } offset } ? new SarifRegion(offset) : null,
        };
        return new SarifLocation(physical) { LogicalLocations = rest.Length > 0 ? [new SarifLogicalLocation(rest)] : null };
    }

    // The name of an image in a registry is written as a URI already.
    private static string UriOf(string path) => path.Contains("://", StringComparison.Ordinal) ? path : string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
