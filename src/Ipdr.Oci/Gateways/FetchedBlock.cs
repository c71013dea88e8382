using System.Buffers;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways;

/// <summary>A block that was held against its name.</summary>
/// <param name="Cid">The name.</param>
/// <param name="Bytes">The bytes, for the receiver to dispose of.</param>
public readonly record struct FetchedBlock(Cid Cid, IMemoryOwner<byte> Bytes);
