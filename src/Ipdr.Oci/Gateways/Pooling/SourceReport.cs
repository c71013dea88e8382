using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>What a source of a pool has done so far.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Blocks">Blocks that it gave.</param>
/// <param name="Bytes">Bytes of them.</param>
/// <param name="Dropped">Why it is not asked any more; null if it is.</param>
public sealed record SourceReport(string Name, long Blocks, long Bytes, Fault? Dropped);
