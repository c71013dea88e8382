using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Car;

/// <summary>Where a block is.</summary>
/// <param name="Hash">Its multihash.</param>
/// <param name="Offset">Where its section begins, counted from the start of the version 1 that it is in.</param>
internal readonly record struct IndexEntry(Multihash Hash, long Offset);
