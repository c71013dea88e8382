using System.Runtime.CompilerServices;
using Ipdr.Oci.Destinations;
using Ipdr.Oci.Engines;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Images;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Dags;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Store;
using Ipdr.Oci.Store.Cataloguing;
using Ipdr.Oci.Store.Naming;

namespace Ipdr.Oci.Transfer;

/// <summary>Fetches an image by its CID: into the embedded store first, each block and blob checked, and from there to where it shall be used.</summary>
/// <remarks>Past a store that can only be read it goes there at once.</remarks>
/// <param name="store">The store.</param>
/// <param name="places">What it takes to open the destination.</param>
public sealed class ImagePuller(ContentStore store, PlaceOptions places)
{
    /// <summary>Pulls one image.</summary>
    /// <param name="root">Its CID.</param>
    /// <param name="sources">Who is asked for what the store lacks.</param>
    /// <param name="options">What is pulled, and where it goes.</param>
    /// <param name="cancellationToken">Gives up; what was fetched by then stays in the store.</param>
    /// <exception cref="IpdrException">There is no image, blocks cannot be had, or the destination cannot take it.</exception>
    public async Task<PullResult> PullAsync(Cid root, BlockPool sources, PullOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(options);
        if (store.IsReadOnly)
            return await PassOnAsync(root, sources, options, cancellationToken).ConfigureAwait(false);
        List<Fault> warnings = [];
        // What cannot hold all that is wanted is told before anything is fetched.
        ImagePlace? place = await DestinationAsync(options, warnings, cancellationToken).ConfigureAwait(false);
        PullResult result = await FetchAsync(root, sources, options, cancellationToken).ConfigureAwait(false);
        result = result with { Warnings = [.. result.Warnings, .. warnings] };
        RepositoryReference stored = result.Stored!;
        return place is null ? result : await HandOverAsync(result, place, stored, NameOf(root, stored, options), options, cancellationToken).ConfigureAwait(false);
    }

    // Nothing is told before the end, so nothing has to be waited for but then.
    private async Task<PullResult> FetchAsync(Cid root, BlockPool sources, PullOptions options, CancellationToken cancellationToken)
    {
        using WriteBatch batch = store.BeginBatch();
        LocalFirstBlocks blocks = new(store, sources);
        await using ConfiguredAsyncDisposable ending = blocks.ConfigureAwait(false);
        DagRegistry registry = await DagRegistry.OpenAsync(root, blocks, cancellationToken).ConfigureAwait(false);
        RegistryContentSource remote = new(registry, null, $"ipfs://{root}");
        SourceImage image = await ChooseAsync(remote, options.Tag, cancellationToken).ConfigureAwait(false);
        RepositoryReference stored = NameOf(root, image);

        ResumingStoreDestination arrival = new(store, stored, FindIndexAsync);
        CopyResult fetched;
        await using (arrival.ConfigureAwait(false))
            fetched = await ImageCopier.CopyAsync(new ChosenSource(remote, image), arrival, options.Copy, places.Observer, cancellationToken).ConfigureAwait(false);
        CopiedImage here = fetched.Images[0];
        List<Fault> warnings = [.. fetched.Warnings];
        if (here.Descriptor.Digest == here.Original)
            await KeepRootAsync(root, blocks, here, warnings, cancellationToken).ConfigureAwait(false);

        return new PullResult(root, $"store:{stored}", stored, null, here.Descriptor.Digest, here.ImageIds, blocks.FetchedBytes, arrival.ResumedBytes, warnings) { Referrers = here.Referrers };

        async Task<BlobIndex?> FindIndexAsync(Descriptor blob, CancellationToken token) =>
            await remote.FindCidAsync(blob, token).ConfigureAwait(false) is { } file ? await DagNaming.TryIndexAsync(blocks, file, token).ConfigureAwait(false) : null;
    }

    // What a store cannot keep goes by it; what it has is still taken from it.
    private async Task<PullResult> PassOnAsync(Cid root, BlockPool sources, PullOptions options, CancellationToken cancellationToken)
    {
        List<Fault> warnings = [];
        if (await DestinationAsync(options, warnings, cancellationToken).ConfigureAwait(false) is not { } place)
            throw CatalogueFaults.ReadOnlyHere(store.Home);
        LocalFirstBlocks blocks = new(store, sources);
        await using ConfiguredAsyncDisposable ending = blocks.ConfigureAwait(false);
        DagRegistry registry = await DagRegistry.OpenAsync(root, blocks, cancellationToken).ConfigureAwait(false);
        RegistryContentSource source = new(registry, null, $"ipfs://{root}");
        SourceImage image = await ChooseAsync(source, options.Tag, cancellationToken).ConfigureAwait(false);
        RepositoryReference name = NameOf(root, image);
        IImageDestination destination = await Places.OpenDestinationAsync(Named(place, name, NameOf(root, name, options)), places, cancellationToken).ConfigureAwait(false);
        await using (destination.ConfigureAwait(false))
        {
            CopyResult copied = await ImageCopier.CopyAsync(new ChosenSource(source, image), destination, options.Copy, places.Observer, cancellationToken).ConfigureAwait(false);
            CopiedImage there = copied.Images[0];
            return new PullResult(root, there.Reference, null, destination.Place, there.Descriptor.Digest, there.ImageIds, blocks.FetchedBytes, 0, [.. warnings, .. copied.Warnings]) { Referrers = there.Referrers };
        }
    }

    private static RepositoryReference NameOf(Cid root, SourceImage image) => RepositoryReference.Parse($"{DagRegistry.NameOf(root)}:{TagOf(image) ?? Tag.Latest.ToString()}");

    private static async Task<SourceImage> ChooseAsync(RegistryContentSource source, string? tag, CancellationToken cancellationToken)
    {
        IReadOnlyList<SourceImage> all = await source.ListAsync(cancellationToken).ConfigureAwait(false);
        // What refers to an image is not one of several to choose from, unless it is asked for by its name.
        return Choose(tag is not null ? all : await new ReferrerSearch(source, new ImageGraph(source)).LeaveOutAsync(all, cancellationToken).ConfigureAwait(false), tag, source.Place);
    }

    private static SourceImage Choose(IReadOnlyList<SourceImage> images, string? tag, string place)
    {
        SourceImage? chosen = tag is not null ? images.FirstOrDefault(image => TagOf(image) == tag)
            : images.DistinctBy(image => image.Descriptor.Digest).Count() == 1 ? images.FirstOrDefault(image => TagOf(image) is { } own && own != Tag.Latest.ToString()) ?? images[0]
            : images.FirstOrDefault(image => TagOf(image) == Tag.Latest.ToString());
        if (chosen is not null)
            return chosen;
        string tags = string.Join(", ", images.Select(TagOf).OfType<string>().Distinct().Take(10));
        throw new IpdrException(new Fault(FaultCode.NotFound, tag is null ? "it holds several images, and none of them is called latest" : $"it holds no image with the tag {tag}", place, "Say which with --tag.") { Actual = tags.Length > 0 ? tags : null });
    }

    private static string? TagOf(SourceImage image) => image.Name?.Tag ?? (Tag.TryParse(image.Label, null, out Tag label) ? label.ToString() : null);

    // The root leads to the store from now on, whatever rules it was made by.
    private async Task KeepRootAsync(Cid root, LocalFirstBlocks blocks, CopiedImage image, List<Fault> warnings, CancellationToken cancellationToken)
    {
        if (store.FindManifests(root).Contains(image.Descriptor.Digest))
            return;
        try
        {
            await store.AddDagAsync(root, blocks, image.Descriptor.Digest, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e)
        {
            // The image is here all the same.
            warnings.Add(new Fault(FaultCode.Unchecked, $"the store keeps the image, and not what else is below its CID: {e.Fault}", $"ipfs://{root}"));
        }
    }

    private static async Task<ImagePlace?> DestinationAsync(PullOptions options, List<Fault> warnings, CancellationToken cancellationToken)
    {
        if (options.Destination is { } place)
            return place.Kind == PlaceKind.Store ? null : Checked(place, options);
        try
        {
            using EngineClient engine = await EngineClient.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return Checked(new ImagePlace(PlaceKind.DockerDaemon, "", null), options);
        }
        catch (IpdrException e) when (e.Fault.Code == FaultCode.EngineUnreachable)
        {
            warnings.Add(new Fault(FaultCode.EngineUnreachable, $"the image is in the store only: {e.Fault.What}", e.Fault.Where, "Start an engine, or say where it goes with --to."));
            return null;
        }
    }

    private static ImagePlace Checked(ImagePlace place, PullOptions options) => options.Copy.Referrers && place.Kind is PlaceKind.DockerDaemon or PlaceKind.DockerArchive or PlaceKind.Archive
        ? throw CopyPlan.HoldsImagesOnly(place.ToString(), "Say where they go with --to: an OCI layout or archive, a registry, or store; or leave --referrers out.")
        : place;

    private async Task<PullResult> HandOverAsync(PullResult result, ImagePlace place, RepositoryReference stored, string name, PullOptions options, CancellationToken cancellationToken)
    {
        IImageDestination destination = await Places.OpenDestinationAsync(Named(place, stored, name), places, cancellationToken).ConfigureAwait(false);
        await using (destination.ConfigureAwait(false))
        {
            RegistryContentSource source = new(store, stored, result.Reference);
            CopyResult copied = await ImageCopier.CopyAsync(source, destination, options.Copy, places.Observer, cancellationToken).ConfigureAwait(false);
            return result with
            {
                Reference = copied.Images[0].Reference,
                Destination = destination.Place,
                ImageIds = copied.Images[0].ImageIds,
                Warnings = [.. result.Warnings, .. copied.Warnings],
            };
        }
    }

    // What is run needs a name that is nobody else's; a layout has labels, and repositories there are called by the CID.
    private static ImagePlace Named(ImagePlace place, RepositoryReference stored, string name) => place switch
    {
        { Reference: not null } or { Kind: PlaceKind.RegistryV2 } => place,
        { Kind: PlaceKind.Oci or PlaceKind.Universal } => place with { Reference = stored.Tag.ToString() },
        _ => place with { Reference = name },
    };

    // As the first IPDR calls it, where that is possible.
    private static string NameOf(Cid root, RepositoryReference stored, PullOptions options) =>
        $"{options.RegistryHost}/{(LegacyImageName.TryCreate(root, out string? legacy) ? legacy : stored.Repository.ToString())}:{stored.Tag}";
}
