using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Transfer;

/// <summary>An image that was not copied while others were, or a place of which none were.</summary>
/// <param name="Image">What people call it: its name, its label or its digest; of a place, how that is written.</param>
/// <param name="Faults">What stopped it, at least one.</param>
/// <param name="WasTried">False where it was left aside, because what stopped another one stops this one too.</param>
public sealed record FailedImage(string Image, IReadOnlyList<Fault> Faults, bool WasTried);
