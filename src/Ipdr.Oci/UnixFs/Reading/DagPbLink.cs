using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>A link of a dag-pb node. Its Tsize is a hint that nobody checks, and is not kept.</summary>
/// <param name="Cid">The block that it leads to.</param>
/// <param name="NameStart">Where the name begins in the block.</param>
/// <param name="NameLength">Bytes of the name.</param>
internal readonly record struct DagPbLink(Cid Cid, int NameStart, int NameLength);
