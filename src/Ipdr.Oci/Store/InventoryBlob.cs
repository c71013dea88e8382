using Ipdr.Oci.Digests;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Store;

/// <summary>A blob as the catalogue has it.</summary>
/// <param name="Digest">Its name.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Cid">The CID of the whole by the store's own rules; null while its blocks are not entered.</param>
internal sealed record InventoryBlob(Digest Digest, long Size, Cid? Cid);
