using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Verification;

/// <summary>One thing that verification found: a <see cref="Fault"/>, how bad it is, and its place in parts.</summary>
/// <param name="Severity">How bad it is; the same for every finding of one code.</param>
/// <param name="Place">Where it is, inside the target.</param>
/// <param name="Fault">What is wrong, and what to do. Its <see cref="Fault.Where"/> is the place as text.</param>
public sealed record Finding(Severity Severity, Place Place, Fault Fault)
{
    /// <summary>The stable name of the defect.</summary>
    public FaultCode Code => Fault.Code;

    /// <summary>A finding whose severity and remedy are those of its code.</summary>
    internal static Finding Of(FaultCode code, string what, Place place, string? expected = null, string? actual = null) =>
        new(FindingCatalogue.Of(code).Severity, place, new Fault(code, what, place.ToString(), FindingCatalogue.Of(code).Remedy) { Expected = expected, Actual = actual });

    /// <summary>A fault of a lower layer as a finding.</summary>
    /// <param name="fault">The fault; its place counts from <paramref name="place"/>.</param>
    /// <param name="place">The file in which it was met.</param>
    internal static Finding Of(Fault fault, Place place)
    {
        Place inner = place.Inside(fault.Where);
        FindingCatalogue.Entry entry = FindingCatalogue.Of(fault.Code);
        return new Finding(entry.Severity, inner, fault with { Where = inner.ToString(), Remedy = fault.Remedy.Length > 0 ? fault.Remedy : entry.Remedy });
    }
}
