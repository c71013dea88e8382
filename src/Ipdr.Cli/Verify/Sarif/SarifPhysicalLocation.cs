using System.Text.Json.Serialization;

namespace Ipdr.Cli.Verify.Sarif;

/// <summary>A file, and where in it (section 3.29).</summary>
internal sealed record SarifPhysicalLocation(SarifArtifactLocation ArtifactLocation)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SarifRegion? Region { get; init; }
}
