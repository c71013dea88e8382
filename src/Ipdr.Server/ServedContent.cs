using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Serving;
using Ipdr.Oci.Resolution;
using Ipdr.Oci.Store;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Server;

/// <summary>What a server serves. All of it stays the caller's.</summary>
/// <param name="Names">What is called by a name.</param>
/// <param name="Blocks">The blocks that are at hand.</param>
public sealed record ServedContent(IRegistryContent Names, IBlockSource Blocks)
{
    /// <summary>Where pushed content goes; null for a server that can only be read. Default null.</summary>
    public ContentStore? Store { get; init; }

    /// <summary>The places on the disk that are served; null if there are none. Default null.</summary>
    public ServedPlaces? Places { get; init; }

    /// <summary>Blocks that are fetched from elsewhere when they are not at hand; null for none: nothing is fetched for strangers. Default null.</summary>
    public IBlockSource? Elsewhere { get; init; }

    /// <summary>Turns names into CIDs; null for none. What is pushed is written down in its folders. Default null.</summary>
    public CidResolvers? Resolvers { get; init; }

    /// <summary>The blocks that are at hand, and after them those from elsewhere.</summary>
    public IBlockSource AllBlocks => Elsewhere is { } elsewhere ? new JoinedBlocks([Blocks, elsewhere]) : Blocks;

    /// <summary>A store that can be pushed to.</summary>
    public static ServedContent Of(ContentStore store) => new(store, store) { Store = store };

    /// <summary>Places on the disk.</summary>
    public static ServedContent Of(ServedPlaces places)
    {
        ArgumentNullException.ThrowIfNull(places);
        return new ServedContent(places.Content, places.Blocks) { Places = places };
    }

    /// <summary>All of it as one registry, in which names may be CIDs.</summary>
    public CidRegistry OpenRegistry() => new(Names, AllBlocks, Store is { } store ? store.FindBlob : null, Resolvers);
}
