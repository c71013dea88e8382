using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Car;

/// <summary>What a CAR says of itself before its first block.</summary>
/// <param name="Version">Its form.</param>
/// <param name="Roots">The CIDs that it was made for; none in what some gateways send, and none of them has to be in it.</param>
public sealed record CarHeader(CarVersion Version, IReadOnlyList<Cid> Roots);
