using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Transfer;

/// <summary>An image of a place, by name.</summary>
/// <param name="Name">What it is called there; null for nothing.</param>
/// <param name="Digest">Its manifest or index; null where that was not asked for, since it would take a question for each.</param>
public sealed record ListedImage(string? Name, Digest? Digest);
