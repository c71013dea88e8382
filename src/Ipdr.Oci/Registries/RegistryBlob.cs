using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Registries;

/// <summary>A blob as a registry hands it out: a slice of a file.</summary>
/// <param name="Digest">Its name.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Path">The file that holds it.</param>
/// <param name="Offset">Where in the file it starts, in bytes.</param>
public sealed record RegistryBlob(Digest Digest, long Size, string Path, long Offset = 0);
