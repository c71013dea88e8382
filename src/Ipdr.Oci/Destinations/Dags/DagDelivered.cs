using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Destinations.Dags;

/// <summary>What became of a DAG at one destination.</summary>
/// <param name="Destination">The destination's name.</param>
/// <param name="Blocks">Blocks that were sent there.</param>
/// <param name="Bytes">Bytes of them.</param>
/// <param name="Failure">Why it is not there; null if it is.</param>
public sealed record DagDelivered(string Destination, long Blocks, long Bytes, IpdrException? Failure);
