using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Transfer;

/// <summary>A manifest or index, looked at.</summary>
/// <param name="Descriptor">Names it.</param>
/// <param name="Kind">What it describes.</param>
public sealed record InspectedManifest(Descriptor Descriptor, InspectedKind Kind)
{
    /// <summary>What it runs on, where that is known.</summary>
    public Platform? Platform { get; init; }

    /// <summary>What an index lists.</summary>
    public IReadOnlyList<InspectedManifest> Manifests { get; init; } = [];

    /// <summary>The config; null for an index.</summary>
    public Descriptor? Config { get; init; }

    /// <summary>The image ID of what runs; null for anything else.</summary>
    public Digest? ImageId { get; init; }

    /// <summary>The layers, bottom first.</summary>
    public IReadOnlyList<InspectedLayer> Layers { get; init; } = [];

    /// <summary>What refers to it, where that was asked for.</summary>
    public IReadOnlyList<InspectedReferrer> Referrers { get; init; } = [];

    /// <summary>Bytes of all that it refers to and of itself; what it refers to twice counts once.</summary>
    public long Size { get; init; }
}
