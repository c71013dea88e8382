using Ipdr.Oci.Destinations;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Transfer;

/// <summary>Copies images between places as they are written on a command line.</summary>
public static class PlaceCopier
{
    /// <summary>Why one image that fails stops the others where <see cref="CanKeepGoing"/> is false.</summary>
    public const string NoKeepGoing = "images appear here together, or it is one image: when one fails there is nothing to go on with";

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
        if (options.KeepGoing && !CanKeepGoing(to))
            throw new IpdrException(new Fault(FaultCode.BadDestination, NoKeepGoing, to.ToString(), "Leave --keep-going out, or copy to docker://HOST/REPO:*, docker://HOST/*, a layout, the store or an engine, and name no image there."));
        if (to.Kind == PlaceKind.Registry && RegistryTarget.TryParse(to.Reference, places.Registries, out RegistryTarget? target))
            return await MirrorAsync(from, target, places, options, cancellationToken).ConfigureAwait(false);
        // The destination first: what is in the way there is noticed before anything is read.
        IImageDestination destination = await Places.OpenDestinationAsync(to, places, cancellationToken).ConfigureAwait(false);
        await using (destination.ConfigureAwait(false))
        {
            CopyPlan.Check(destination, options);
            if (!options.KeepGoing)
            {
                OpenedSources opened = await OpenedSources.OpenAsync(from, places, keepGoing: false, cancellationToken).ConfigureAwait(false);
                await using (opened.ConfigureAwait(false))
                    return await ImageCopier.CopyAsync(opened.Sources, destination, options, places.Observer, cancellationToken).ConfigureAwait(false);
            }
        }
        return await MirrorAsync(from, new PlaceTarget(to, places), places, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Can images appear there one by one, so that one that fails need not stop the others? An archive is written in one piece, and one name is for one image.</summary>
    public static bool CanKeepGoing(ImagePlace to)
    {
        ArgumentNullException.ThrowIfNull(to);
        return to switch
        {
            { Kind: PlaceKind.Registry } => RegistryTarget.TryParse(to.Reference, new RegistryOptions(), out _),
            { Kind: PlaceKind.Oci or PlaceKind.Universal or PlaceKind.RegistryV2 or PlaceKind.Store or PlaceKind.DockerDaemon } => to.Reference is null,
            _ => false,
        };
    }

    private static async Task<CopyResult> MirrorAsync(IReadOnlyList<ImagePlace> from, IMirrorTarget target, PlaceOptions places, CopyOptions options, CancellationToken cancellationToken)
    {
        OpenedSources opened = await OpenedSources.OpenAsync(from, places, options.KeepGoing, cancellationToken).ConfigureAwait(false);
        await using (opened.ConfigureAwait(false))
            return await new ImageMirror(target, places, options).CopyAsync(opened, cancellationToken).ConfigureAwait(false);
    }
}
