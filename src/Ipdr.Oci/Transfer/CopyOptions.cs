using Ipdr.Oci.Conversion;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Transfer;

/// <summary>What is copied, and how.</summary>
public sealed record CopyOptions
{
    /// <summary>Copies that run at once by default. More than this many connections to one registry gain nothing, and some refuse them.</summary>
    public const int DefaultParallelism = 6;

    /// <summary>Only images for these platforms. Default empty: that of this machine, where an image is there for several.</summary>
    public IReadOnlyList<Platform> Platforms { get; init; } = [];

    /// <summary>All platforms, so that indexes stay as they are. Default false.</summary>
    public bool AllPlatforms { get; init; }

    /// <summary>What refers to the images too: signatures, SBOMs, attestations, and what refers to those. Default false.</summary>
    public bool Referrers { get; init; }

    /// <summary>Another form that the images get on their way: compression, digests, media types. Platforms, names and CID in it are not used. Default null: every byte stays.</summary>
    /// <remarks>What was opened with the same <see cref="PlaceOptions.Conversion"/> and converted then is not converted again.</remarks>
    public ConversionOptions? Conversion { get; init; }

    /// <summary>Copy one image after another, each visible when all of it is there, and go on with the others where one fails. Default false.</summary>
    /// <remarks>What fails is among <see cref="CopyResult.Failures"/>. It is for places that <see cref="PlaceCopier.CanKeepGoing"/>.</remarks>
    public bool KeepGoing { get; init; }

    /// <summary>Blobs that are copied at once, at least 1. Default 6.</summary>
    public int Parallelism { get; init; } = DefaultParallelism;
}
