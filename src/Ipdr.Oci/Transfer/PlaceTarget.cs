using Ipdr.Oci.Destinations;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>A place that holds many images and can be added to, as a target of one after another: a folder, the store, an engine.</summary>
/// <param name="place">The place; it names no image.</param>
/// <param name="options">How it is opened.</param>
internal sealed class PlaceTarget(ImagePlace place, PlaceOptions options) : IMirrorTarget
{
    public string Place { get; } = place.ToString();

    public MirroredImage Name(SourceImage image, IImageSource source)
    {
        // The store knows no hosts, so that images of two registries may be in each other's way there.
        string? name = image.Name is null ? image.Label
            : place.Kind == PlaceKind.Store ? $"{image.Name.FamiliarRepository}:{image.Name.Tag ?? Tag.Latest.ToString()}"
            : image.Name.Familiar;
        return new MirroredImage(source, image, name, null);
    }

    public async ValueTask<IImageDestination> OpenAsync(MirroredImage image, CancellationToken cancellationToken)
    {
        IImageDestination destination = await Places.OpenDestinationAsync(place, options, cancellationToken).ConfigureAwait(false);
        (destination as LayoutFolderDestination)?.LeaveRest();
        return destination;
    }
}
