using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Layouts;

/// <summary>An OCI image layout that is one repository of a registry as well; the second names are links to the same files.</summary>
internal static class UniversalLayout
{
    /// <summary>Where a manifest stands by its tag or digest.</summary>
    public static string PathOf(string reference) => $"manifests/{reference}";

    public static LayoutPlan Plan(LayoutContents contents)
    {
        List<Fault> warnings = [];
        Placement[] repository = [.. RegistryV2Layout.Repository("", [.. contents.Roots, .. contents.Lists], contents, warnings)];
        return new LayoutPlan([.. OciLayout.Plan(contents).Placements, .. repository], warnings);
    }
}
