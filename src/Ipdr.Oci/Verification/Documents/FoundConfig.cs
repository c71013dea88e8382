using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Verification.Documents;

/// <summary>As much of an image config as could be read.</summary>
/// <param name="Platform">What the image runs on.</param>
/// <param name="DiffIds">The uncompressed layers, bottom first; null for an entry that is no digest.</param>
internal sealed record FoundConfig(Platform Platform, IReadOnlyList<Digest?> DiffIds);
