using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Registries;

/// <summary>A manifest or index as a registry hands it out.</summary>
/// <param name="Digest">Its name.</param>
/// <param name="MediaType">The type it is served with.</param>
/// <param name="Content">The document, byte for byte as it came in.</param>
public sealed record RegistryManifest(Digest Digest, MediaType MediaType, ReadOnlyMemory<byte> Content);
