using System.Text.Json.Serialization;

namespace Ipdr.Cli.Verify.Sarif;

/// <summary>Where it is (section 3.28): the file, and the place in it as ipdr says it.</summary>
internal sealed record SarifLocation(SarifPhysicalLocation PhysicalLocation)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SarifLogicalLocation>? LogicalLocations { get; init; }
}
