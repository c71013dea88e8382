using Ipdr.Oci.Images;

namespace Ipdr.Oci.Destinations;

/// <summary>What a destination can hold.</summary>
public sealed record DestinationTraits
{
    /// <summary>Several images at once, each under its own name. Default true.</summary>
    public bool HoldsMany { get; init; } = true;

    /// <summary>Indexes, so images for several platforms at once. Default true.</summary>
    public bool HoldsIndexes { get; init; } = true;

    /// <summary>Manifests as they are, so that their digests stay. Default true.</summary>
    public bool KeepsDigests { get; init; } = true;

    /// <summary>Manifests that no image consists of, so what refers to images: signatures, SBOMs. Default true.</summary>
    public bool HoldsReferrers { get; init; } = true;

    /// <summary>The name that the image gets there; null where it keeps its own.</summary>
    public ImageReference? Name { get; init; }

    /// <summary>The label that the image gets there, where that is no reference; null where it keeps its own.</summary>
    public string? Label { get; init; }
}
