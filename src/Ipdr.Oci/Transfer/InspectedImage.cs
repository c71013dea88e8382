using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Transfer;

/// <summary>An image of a place, looked at.</summary>
/// <param name="Names">What it is called there; empty for nothing.</param>
/// <param name="Manifest">Its manifest or index.</param>
/// <param name="Cid">Its CID, where the place knows it.</param>
public sealed record InspectedImage(IReadOnlyList<string> Names, InspectedManifest Manifest, Cid? Cid);
