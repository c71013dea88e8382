using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Destinations;

/// <summary>What a destination made visible.</summary>
/// <param name="References">What each image is called there, as its own tools would say it.</param>
/// <param name="Warnings">What was odd and did no harm.</param>
public sealed record CommittedImages(IReadOnlyList<string> References, IReadOnlyList<Fault> Warnings);
