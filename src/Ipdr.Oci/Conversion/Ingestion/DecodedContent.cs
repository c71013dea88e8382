using Ipdr.Oci.Conversion.Targets;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>What decoding gave: digests of the uncompressed bytes and perhaps another form, or a fault.</summary>
internal sealed record DecodedContent(Dictionary<DigestAlgorithm, Digest> Digests, ContentForm? Converted, Fault? Fault);
