using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Staging;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Conversion.Targets;

/// <summary>Where the output of a conversion goes. Nothing of it is visible there before <see cref="PlaceAsync"/>.</summary>
internal interface IConversionTarget
{
    /// <summary>How it is called in results; null where there is nothing to call.</summary>
    string? Output { get; }

    /// <summary>Whether layers that are remembered need not be brought, since they are there.</summary>
    bool HoldsKnownLayers { get; }

    /// <summary>A new file on the target's volume.</summary>
    StagedFile NewFile();

    /// <summary>Is told of a layer that was compressed, and may take it at once, so that it is remembered whatever comes later.</summary>
    /// <returns>The layer where it is then.</returns>
    ValueTask<ContentForm> TakeLayerAsync(Digest diffId, ContentForm layer, CancellationToken cancellationToken);

    /// <summary>Puts everything in its place.</summary>
    /// <returns>The DAG of the whole; null where none is wanted, or others compute it.</returns>
    Task<Dag?> PlaceAsync(LayoutContents layout, List<Fault> warnings, CancellationToken cancellationToken);
}
