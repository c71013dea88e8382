using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Transfer;

/// <summary>What a look at a place gave.</summary>
/// <param name="Images">The images, each once.</param>
/// <param name="Warnings">What was odd.</param>
public sealed record InspectionResult(IReadOnlyList<InspectedImage> Images, IReadOnlyList<Fault> Warnings);
