using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Staging;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Conversion.Targets;

/// <summary>The output of a conversion that is read at once and thrown away: files stay where they were written, documents in memory.</summary>
internal sealed class StagedTarget(StagingFolder folder) : IConversionTarget
{
    public string? Output => null;

    public bool HoldsKnownLayers => false;

    /// <summary>What was put there; null before <see cref="PlaceAsync"/>.</summary>
    public LayoutContents? Layout { get; private set; }

    public StagedFile NewFile() => folder.NewFile();

    public ValueTask<ContentForm> TakeLayerAsync(Digest diffId, ContentForm layer, CancellationToken cancellationToken) => ValueTask.FromResult(layer);

    public Task<Dag?> PlaceAsync(LayoutContents layout, List<Fault> warnings, CancellationToken cancellationToken)
    {
        Layout = layout;
        return Task.FromResult<Dag?>(null);
    }
}
