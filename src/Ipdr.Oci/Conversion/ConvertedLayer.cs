using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Conversion;

/// <summary>A layer of a converted image.</summary>
/// <param name="Descriptor">The blob in the output.</param>
/// <param name="DiffId">The digest of the uncompressed layer; null for a blob that is no file-system layer.</param>
public sealed record ConvertedLayer(Descriptor Descriptor, Digest? DiffId);
