using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Layouts;

/// <summary>Which files make up a layout of one kind.</summary>
/// <param name="Placements">The files that hold blobs and manifests, in a fixed order.</param>
/// <param name="Warnings">Names that could not be given.</param>
internal sealed record LayoutPlan(IReadOnlyList<Placement> Placements, IReadOnlyList<Fault> Warnings)
{
    public static LayoutPlan For(LayoutKind kind, LayoutContents contents) => kind switch
    {
        LayoutKind.Oci => OciLayout.Plan(contents),
        LayoutKind.RegistryV2 => RegistryV2Layout.Plan(contents),
        LayoutKind.Universal => UniversalLayout.Plan(contents),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Digests in the one order that depends on nothing else.</summary>
    public static IEnumerable<Digest> Ordered(IEnumerable<Digest> digests) => digests.OrderBy(digest => digest.ToString(), StringComparer.Ordinal);
}
