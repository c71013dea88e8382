using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Layouts;

/// <summary>A manifest or index of a layout, and what it refers to.</summary>
/// <param name="Bytes">The document.</param>
/// <param name="Manifests">The manifests it lists, when it is an index.</param>
/// <param name="Blobs">Its config and layers, when it is a manifest.</param>
internal sealed record LayoutManifest(ReadOnlyMemory<byte> Bytes, IReadOnlyList<Digest> Manifests, IReadOnlyList<Digest> Blobs);
