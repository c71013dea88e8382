using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Transfer;

/// <summary>A layer, looked at.</summary>
/// <param name="Descriptor">Names the blob.</param>
/// <param name="DiffId">The digest of the uncompressed layer, as the config has it; null for what is no layer of an image.</param>
public sealed record InspectedLayer(Descriptor Descriptor, Digest? DiffId);
