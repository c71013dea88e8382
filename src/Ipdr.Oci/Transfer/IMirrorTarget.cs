using Ipdr.Oci.Destinations;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>Where images go one after another, each visible when all of it is there.</summary>
internal interface IMirrorTarget
{
    /// <summary>What messages call it.</summary>
    string Place { get; }

    /// <summary>What an image will be called there.</summary>
    /// <exception cref="IpdrException">It has no name that it could keep (<see cref="FaultCode.BadReference"/>).</exception>
    MirroredImage Name(SourceImage image, IImageSource source);

    /// <summary>Opens the place for one image. The caller disposes of the destination.</summary>
    /// <exception cref="IpdrException">It cannot be opened.</exception>
    ValueTask<IImageDestination> OpenAsync(MirroredImage image, CancellationToken cancellationToken);
}
