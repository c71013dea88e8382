using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Conversion;

/// <summary>A compressed layer that is here already.</summary>
/// <param name="DiffId">SHA-256 of what it decompresses to.</param>
/// <param name="Digest">The compressed blob's SHA-256.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="OpenRead">Opens it from its start; who reads it compares the digest, and disposes of the stream.</param>
public sealed record KnownLayer(Digest DiffId, Digest Digest, long Size, Func<Stream> OpenRead);
