using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Sources;

/// <summary>An image of many that cannot be read.</summary>
/// <param name="Image">Its name.</param>
/// <param name="Exception">Why.</param>
internal sealed record SourceFailure(ImageReference Image, IpdrException Exception);
