using System.Buffers;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>How the search for one block ended.</summary>
/// <param name="Block">The block; null if nobody gave it.</param>
/// <param name="IsAbsent">Every source that could be asked said that it does not have it.</param>
/// <param name="Failures">What the others said.</param>
internal readonly record struct RaceResult(IMemoryOwner<byte>? Block, bool IsAbsent, IReadOnlyList<Fault> Failures);
