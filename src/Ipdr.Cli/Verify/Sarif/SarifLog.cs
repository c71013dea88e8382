using System.Text.Json.Serialization;

namespace Ipdr.Cli.Verify.Sarif;

/// <summary>A SARIF 2.1.0 document (OASIS standard, section 3.13).</summary>
internal sealed record SarifLog([property: JsonPropertyName("$schema")] string Schema, string Version, IReadOnlyList<SarifRun> Runs)
{
    public const string Schema210 = "https://json.schemastore.org/sarif-2.1.0.json";

    public const string Version210 = "2.1.0";
}
