using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Store;

/// <summary>The hash of an upload so far.</summary>
/// <param name="Hasher">Has seen <paramref name="Length"/> bytes.</param>
/// <param name="Length">Bytes hashed.</param>
internal sealed record RunningHash(DigestHasher Hasher, long Length);
