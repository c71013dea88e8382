using Ipdr.Oci.Digests;

namespace Ipdr.Server.Page;

/// <summary>A layer as the page shows it.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Size">Bytes, as the manifest states.</param>
/// <param name="Type">Its media type.</param>
/// <param name="IsHere">Is it here, with that size?</param>
internal sealed record LayerView(Digest Digest, long Size, string Type, bool IsHere);
