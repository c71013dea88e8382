using Ipdr.Oci.Digests;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Store;

/// <summary>What the catalogue says is in the store, all of one moment.</summary>
/// <param name="Manifests">Every manifest of every repository, under each of its tags; by repository, those with tags first.</param>
/// <param name="Blobs">Every blob, in ordinal order.</param>
/// <param name="Layers">Blobs that layers became: which DiffId a blob is said to have.</param>
/// <param name="Roots">The CIDs under which images can be asked for.</param>
internal sealed record StoreInventory(
    IReadOnlyList<InventoryManifest> Manifests,
    IReadOnlyList<InventoryBlob> Blobs,
    IReadOnlyList<(Digest DiffId, Digest Blob)> Layers,
    IReadOnlyList<(Cid Root, Digest Manifest)> Roots);
