using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways;

/// <summary>A block on its way to somewhere.</summary>
/// <param name="Cid">Its name.</param>
/// <param name="Bytes">Its bytes, which are there until the next one is asked for.</param>
public readonly record struct DagPiece(Cid Cid, ReadOnlyMemory<byte> Bytes);
