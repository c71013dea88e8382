using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Staging;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Conversion.Targets;

/// <summary>A layout in a folder.</summary>
/// <param name="output">The folder.</param>
/// <param name="destination">Writes there.</param>
/// <param name="options">The form of the layout, and whether its CID is wanted.</param>
internal sealed class FolderTarget(string output, LayoutDestination destination, ConversionOptions options) : IConversionTarget
{
    public string? Output => output;

    public bool HoldsKnownLayers => false;

    public StagedFile NewFile() => destination.NewFile();

    public ValueTask<ContentForm> TakeLayerAsync(Digest diffId, ContentForm layer, CancellationToken cancellationToken) => ValueTask.FromResult(layer);

    public async Task<Dag?> PlaceAsync(LayoutContents layout, List<Fault> warnings, CancellationToken cancellationToken)
    {
        CommittedLayout committed = await destination.CommitAsync(layout, cancellationToken).ConfigureAwait(false);
        warnings.AddRange(committed.Plan.Warnings);
        if (options.Profile is not { } profile)
            return null;
        LayoutNaming naming = new(options.Layout, layout, profile);
        return committed.IsNew ? naming.OfContents(committed.Plan, output) : await naming.OfFolderAsync(committed.Plan, output, cancellationToken).ConfigureAwait(false);
    }
}
