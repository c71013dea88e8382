using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Layouts;

/// <summary>An OCI image layout that is one repository of a registry as well; the second names are links to the same files.</summary>
internal static class UniversalLayout
{
    public static LayoutPlan Plan(LayoutContents contents)
    {
        List<Fault> warnings = [];
        Placement[] repository = [.. RegistryV2Layout.Repository("", contents.Roots, contents, warnings)];
        return new LayoutPlan([.. OciLayout.Plan(contents).Placements, .. repository], warnings);
    }
}
