using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Store.Naming;

/// <summary>The blocks of one blob, ready to be entered.</summary>
/// <param name="Cid">The CID of the whole, as a file of the store's profile.</param>
/// <param name="Slices">The leaves.</param>
/// <param name="Nodes">The nodes above the leaves.</param>
internal sealed record BlobIndex(Cid Cid, IReadOnlyList<(Multihash Hash, long Start, int Length)> Slices, IReadOnlyList<(Multihash Hash, byte[] Content)> Nodes);
