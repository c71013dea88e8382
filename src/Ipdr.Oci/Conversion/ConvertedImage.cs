using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Conversion;

/// <summary>An image in the output.</summary>
/// <param name="Names">Every name that leads to it, in ordinal order; empty for an untagged image.</param>
/// <param name="ImageId">SHA-256 of the config's bytes, which conversion never changes.</param>
/// <param name="Platform">What it runs on, by its config.</param>
/// <param name="Manifest">The manifest in the output.</param>
/// <param name="Config">The config in the output.</param>
/// <param name="Layers">The layers, bottom first.</param>
public sealed record ConvertedImage(
    IReadOnlyList<string> Names,
    Digest ImageId,
    Platform Platform,
    Descriptor Manifest,
    Descriptor Config,
    IReadOnlyList<ConvertedLayer> Layers);
