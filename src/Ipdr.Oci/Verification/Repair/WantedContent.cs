using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Verification.Repair;

/// <summary>Content that a target should have and has not, or has in another state.</summary>
/// <param name="Path">Where it belongs, from the target's root.</param>
/// <param name="Digest">Its name.</param>
/// <param name="Size">Its size in bytes, where a descriptor tells.</param>
internal sealed record WantedContent(string Path, Digest Digest, long? Size);
