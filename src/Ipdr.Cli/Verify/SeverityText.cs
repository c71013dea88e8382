using Ipdr.Oci.Verification;

namespace Ipdr.Cli.Verify;

/// <summary>Severities as words; SARIF has the same ones.</summary>
internal static class SeverityText
{
    public static string Of(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };
}
