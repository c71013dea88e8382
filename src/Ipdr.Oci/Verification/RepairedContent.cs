using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Verification;

/// <summary>Content that was put in its place.</summary>
/// <param name="Path">Where, from the target's root.</param>
/// <param name="Digest">Its name, which was verified first.</param>
/// <param name="From">The place that it was taken from.</param>
public sealed record RepairedContent(string Path, Digest Digest, string From);
