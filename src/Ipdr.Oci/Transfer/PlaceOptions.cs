using Ipdr.Oci.Conversion;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries.Serving;

namespace Ipdr.Oci.Transfer;

/// <summary>What it takes to open places.</summary>
public sealed record PlaceOptions
{
    /// <summary>Is told of the progress; null for nobody.</summary>
    public IContentObserver? Observer { get; init; }

    /// <summary>How archives as <c>docker save</c> writes them, and what engines send, become images with manifests. Platforms, names and CID in it are not used. Default: as <c>ipdr convert</c> does it.</summary>
    public ConversionOptions Conversion { get; init; } = new();

    /// <summary>Runs a registry for an engine to pull from; null where none can be run: then engines are given archives.</summary>
    public RegistryHost? RegistryHost { get; init; }

    /// <summary>Opens standard input; null where there is none.</summary>
    public Func<Stream>? StandardInput { get; init; }

    /// <summary>Opens standard output; null where there is none.</summary>
    public Func<Stream>? StandardOutput { get; init; }

    /// <summary>Opens those who are asked for blocks below a CID that the store lacks; null for nobody.</summary>
    public Func<Cid, CancellationToken, Task<BlockPool>>? Blocks { get; init; }

    /// <summary>How registries are talked to.</summary>
    public RegistryOptions Registries { get; init; } = new();

    /// <summary>The folder of the embedded store. Default: that of <see cref="Store.StoreHome"/>.</summary>
    public string StoreHome { get; init; } = Store.StoreHome.Locate();
}
