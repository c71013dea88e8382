using Ipdr.Oci.Compression;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Conversion;

/// <summary>A layer of a converted image.</summary>
/// <param name="Descriptor">The blob in the output.</param>
/// <param name="DiffId">The digest of the uncompressed layer; null for a blob that is no file-system layer.</param>
/// <param name="CompressedWith">How it was compressed here; null when its bytes are those of the archive.</param>
public sealed record ConvertedLayer(Descriptor Descriptor, Digest? DiffId, CompressionSettings? CompressedWith = null);
