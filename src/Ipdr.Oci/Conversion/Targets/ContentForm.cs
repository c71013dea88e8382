using Ipdr.Oci.Compression;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Layouts;

namespace Ipdr.Oci.Conversion.Targets;

/// <summary>Content in one compression, ready to be placed.</summary>
/// <param name="Format">How it is compressed.</param>
/// <param name="Digest">The blob's name in the output.</param>
/// <param name="Size">Bytes of the blob.</param>
/// <param name="Content">The bytes.</param>
/// <param name="CompressedWith">How it was compressed; null when it was not compressed here.</param>
internal sealed record ContentForm(CompressionFormat Format, Digest Digest, long Size, BlobContent Content, CompressionSettings? CompressedWith = null);
