using Ipdr.Oci.Destinations;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Transfer;

/// <summary>Copies images between places as they are written on a command line.</summary>
public static class PlaceCopier
{
    /// <summary>Copies the images of some places to another.</summary>
    /// <param name="from">Where they come from, at least one place.</param>
    /// <param name="to">Where they go. In a registry, <c>HOST/REPO:*</c> has each keep its tag, <c>HOST/*</c> and <c>HOST/PREFIX/*</c> repository and tag.</param>
    /// <param name="places">How places are opened, and who is told of the progress.</param>
    /// <param name="options">What of them is copied.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">A place cannot be opened, something is missing or damaged at a source, or the destination cannot take it.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<CopyResult> CopyAsync(IReadOnlyList<ImagePlace> from, ImagePlace to, PlaceOptions places, CopyOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(places);
        ArgumentNullException.ThrowIfNull(options);
        if (to.Kind == PlaceKind.Registry && RegistryTarget.TryParse(to.Reference, out RegistryTarget? target))
        {
            OpenedSources opened = await OpenedSources.OpenAsync(from, places, cancellationToken).ConfigureAwait(false);
            await using (opened.ConfigureAwait(false))
                return await RegistryMirror.CopyAsync(opened.Sources, target, places, options, cancellationToken).ConfigureAwait(false);
        }
        // The destination first: what is in the way there is noticed before anything is read.
        IImageDestination destination = await Places.OpenDestinationAsync(to, places, cancellationToken).ConfigureAwait(false);
        await using (destination.ConfigureAwait(false))
        {
            CopyPlan.Check(destination, options);
            OpenedSources opened = await OpenedSources.OpenAsync(from, places, cancellationToken).ConfigureAwait(false);
            await using (opened.ConfigureAwait(false))
                return await ImageCopier.CopyAsync(opened.Sources, destination, options, places.Observer, cancellationToken).ConfigureAwait(false);
        }
    }
}
