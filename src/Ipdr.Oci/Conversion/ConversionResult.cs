using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Conversion;

/// <summary>What a conversion gave.</summary>
/// <param name="Images">The images, ordered by name, then by manifest digest.</param>
/// <param name="Artifacts">Manifests that are no images, such as attestations, ordered by digest.</param>
/// <param name="Layout">The form of the output.</param>
/// <param name="Output">Where it is; null after a dry run.</param>
/// <param name="Dag">The output as IPFS would have it, with its CID; null when no CID was wanted. After a dry run its blocks cannot be had.</param>
/// <param name="Warnings">What was odd and did no harm.</param>
public sealed record ConversionResult(
    IReadOnlyList<ConvertedImage> Images,
    IReadOnlyList<Descriptor> Artifacts,
    LayoutKind Layout,
    string? Output,
    Dag? Dag,
    IReadOnlyList<Fault> Warnings);
