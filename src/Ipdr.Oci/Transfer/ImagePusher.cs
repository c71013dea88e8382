using Ipdr.Oci.Car;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Destinations;
using Ipdr.Oci.Destinations.Dags;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Engines;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Dags;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Store;
using Ipdr.Oci.Store.Naming;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Transfer;

/// <summary>Gives an image a CID and hands it over: into the embedded store first, where it is complete before the first byte leaves, and from there to any number of destinations.</summary>
/// <param name="store">The store.</param>
/// <param name="options">What it takes to open the image's place.</param>
public sealed class ImagePusher(ContentStore store, PlaceOptions options)
{
    /// <summary>What refers to the image too: signatures, SBOMs, attestations, and what refers to those. The CID then is that of a layout which holds all of it. Default false.</summary>
    public bool Referrers { get; init; }

    /// <summary>Pushes one image.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="destinations">Where it goes beside the store; they stay the caller's.</param>
    /// <param name="cancellationToken">Gives up; what is in the store by then makes the next try shorter.</param>
    /// <exception cref="IpdrException">The image is broken or not there, its place cannot hold what is asked for, or the store cannot be written. Failures of destinations are in the result.</exception>
    public async Task<PushResult> PushAsync(ImagePlace place, IReadOnlyList<IDagDestination> destinations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(destinations);
        PushedImage image;
        Cid root;
        using (store.BeginBatch())
        {
            image = await BringInAsync(place, cancellationToken).ConfigureAwait(false);
            root = image.Root ?? await NameAsync(image, cancellationToken).ConfigureAwait(false);
        }
        IReadOnlyList<DagDelivered> delivered = destinations.Count == 0 ? []
            : await DeliverAsync(root, image, destinations, cancellationToken).ConfigureAwait(false);
        return new PushResult(root, image.Reference, image.Manifest, image.ImageIds, delivered, image.Warnings) { Referrers = image.Referrers };
    }

    // A layer that the store knows is not read from the archive again, so that pushing again would mend nothing.
    private async Task<IReadOnlyList<DagDelivered>> DeliverAsync(Cid root, PushedImage image, IReadOnlyList<IDagDestination> destinations, CancellationToken cancellationToken)
    {
        try
        {
            return await DagDelivery.DeliverAsync(root, store, image.Reference.ToString(), destinations, options.Observer, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e) when (e.Fault.Code == FaultCode.DigestMismatch)
        {
            const string Remedy = "The store is damaged: ipdr verify store: tells where, and --repair-from PLACE mends it, such as from a layout that ipdr convert makes of the archive.";
            throw new IpdrException([.. e.Faults.Select(fault => (fault with { Remedy = Remedy }).Within(store.Home))], e);
        }
    }

    private Task<PushedImage> BringInAsync(ImagePlace place, CancellationToken cancellationToken) => place switch
    {
        { Kind: PlaceKind.DockerDaemon or PlaceKind.DockerArchive } when Referrers => throw HoldsImagesOnly(place.ToString()),
        { Kind: PlaceKind.DockerDaemon } => OfEngineAsync(place, cancellationToken),
        { Kind: PlaceKind.Archive or PlaceKind.DockerArchive or PlaceKind.OciArchive, Reference: null } when !Referrers => OfArchiveAsync(place, cancellationToken),
        { Kind: PlaceKind.Car } => OfCarAsync(place, cancellationToken),
        { Kind: PlaceKind.Ipfs } => OfIpfsAsync(place, cancellationToken),
        { Kind: PlaceKind.Store } => OfStoreAsync(place, cancellationToken),
        _ => OfOtherAsync(place, cancellationToken),
    };

    private async Task<Cid> NameAsync(PushedImage image, CancellationToken cancellationToken)
    {
        RepositoryReference name = image.Reference;
        StoredReferrer[] referrers = [.. image.Referrers.Select(referrer => new StoredReferrer(referrer.Descriptor.Digest, referrer.Tag))];
        Cid? cid = referrers.Length > 0 ? await store.FindCidAsync(name.Repository, name.Tag, image.Manifest, referrers, cancellationToken).ConfigureAwait(false)
            : name.Tag is { } tag ? await store.FindCidAsync(name.Repository, tag, cancellationToken).ConfigureAwait(false)
            : await store.FindCidAsync(name.Repository, image.Manifest, cancellationToken).ConfigureAwait(false);
        return cid ?? throw Removed(name);
    }

    private async Task<PushedImage> OfEngineAsync(ImagePlace place, CancellationToken cancellationToken)
    {
        string name = place.Reference ?? throw new IpdrException(new Fault(FaultCode.BadReference, "it names no image", place.ToString(), "Write the name or ID of one behind it."));
        using EngineClient engine = await EngineClient.ConnectAsync(cancellationToken).ConfigureAwait(false);
        EngineImage? described = await engine.FindImageAsync(name, cancellationToken).ConfigureAwait(false);
        string exact = await EngineSource.ResolveAsync(engine, name, cancellationToken).ConfigureAwait(false);
        List<Digest> layers = [];
        foreach (string text in described?.RootFs?.Layers ?? [])
        {
            if (Digest.TryParse(text, null, out Digest diffId))
                layers.Add(diffId);
        }
        Stream export = await engine.ExportAsync(exact, cancellationToken).ConfigureAwait(false);
        ArchiveInput input = ArchiveInput.OfStream(export, place.ToString());
        await using (input.ConfigureAwait(false))
            return await ConvertAsync(input, layers, cancellationToken).ConfigureAwait(false);
    }

    private async Task<PushedImage> OfArchiveAsync(ImagePlace place, CancellationToken cancellationToken)
    {
        ArchiveInput input = !place.IsStandardStream ? ArchiveInput.OfFile(place.Location)
            : options.StandardInput is { } open ? ArchiveInput.OfStream(open(), "standard input")
            : throw new IpdrException(new Fault(FaultCode.Io, "there is no standard input", place.ToString(), "Name a file."));
        await using (input.ConfigureAwait(false))
            return await ConvertAsync(input, [], cancellationToken).ConfigureAwait(false);
    }

    private async Task<PushedImage> ConvertAsync(ArchiveInput input, IReadOnlyCollection<Digest> expected, CancellationToken cancellationToken)
    {
        StoreTarget target = new(store);
        ConversionOptions conversion = new() { Memory = target, ExpectedLayers = expected };
        ConversionResult result = await Converter.ConvertAsync(input, target, conversion, options.Observer, cancellationToken).ConfigureAwait(false);
        (SourceImage image, RepositoryReference reference) = target.Images[0];
        return new PushedImage(null, reference, image.Descriptor.Digest, [.. result.Images.Select(converted => converted.ImageId)], result.Warnings);
    }

    private async Task<PushedImage> OfCarAsync(ImagePlace place, CancellationToken cancellationToken)
    {
        using CarFile car = await CarFile.OpenAsync(place.Location, cancellationToken: cancellationToken).ConfigureAwait(false);
        Cid root = car.Header.Roots is [Cid only] ? only
            : throw new IpdrException(new Fault(FaultCode.BadCar, $"it has {car.Header.Roots.Count} roots, and an image has one", place.ToString(), "Export the image's root alone."));
        return await OfDagAsync(root, car, place, cancellationToken).ConfigureAwait(false);
    }

    private async Task<PushedImage> OfIpfsAsync(ImagePlace place, CancellationToken cancellationToken)
    {
        Cid root = Places.RootOf(place);
        OpenedBlocks blocks = await OpenedBlocks.OpenAsync(root, options, cancellationToken).ConfigureAwait(false);
        await using (blocks.ConfigureAwait(false))
            return await OfDagAsync(root, blocks.Source, place, cancellationToken).ConfigureAwait(false);
    }

    // It keeps its root, whatever rules that was made by.
    private async Task<PushedImage> OfDagAsync(Cid root, IBlockSource blocks, ImagePlace place, CancellationToken cancellationToken)
    {
        DagRegistry registry = await DagRegistry.OpenAsync(root, blocks, cancellationToken).ConfigureAwait(false);
        RegistryContentSource source = new(registry, null, place.ToString());
        await using (source.ConfigureAwait(false))
        {
            PushedImage image = await CopyAsync(source, null, cancellationToken).ConfigureAwait(false);
            return await store.AddDagAsync(root, blocks, image.Manifest, cancellationToken).ConfigureAwait(false)
                ? image with { Root = root }
                : throw Removed(image.Reference);
        }
    }

    private async Task<PushedImage> OfStoreAsync(ImagePlace place, CancellationToken cancellationToken)
    {
        if (!RepositoryReference.TryParse(place.Reference, null, out RepositoryReference? reference))
            throw new IpdrException(new Fault(FaultCode.BadReference, "it names no image", place.ToString(), "See ipdr list."));
        RegistryContentSource source = new(store, reference, place.ToString());
        await using (source.ConfigureAwait(false))
        {
            return store.IsReadOnly
                ? await ReadAsync(source, reference, cancellationToken).ConfigureAwait(false)
                : await CopyAsync(source, reference, cancellationToken).ConfigureAwait(false);
        }
    }

    // A store that can only be read has the DAG of an image if it had it when it was written.
    private async Task<PushedImage> ReadAsync(RegistryContentSource source, RepositoryReference reference, CancellationToken cancellationToken)
    {
        SourceImage image = (await source.ListAsync(cancellationToken).ConfigureAwait(false))[0];
        ImageGraph graph = new(source);
        await graph.AddAsync(image.Descriptor, cancellationToken).ConfigureAwait(false);
        PushedImage pushed = new(null, reference, image.Descriptor.Digest, [.. graph.Manifests.Select(manifest => manifest.ImageId).OfType<Digest>()], []);
        Cid root = await NameAsync(pushed, cancellationToken).ConfigureAwait(false);
        return store.HasBlock(root) ? pushed with { Root = root }
            : throw new IpdrException(new Fault(FaultCode.Io, "the blocks that are above its blobs were never written to this store, and it can only be read here", reference.ToString(), "Push it once where the store can be written, or copy it to another store."));
    }

    private async Task<PushedImage> OfOtherAsync(ImagePlace place, CancellationToken cancellationToken)
    {
        IImageSource source = await Places.OpenSourceAsync(place, options, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            // What had to be brought into another form does not have the digests that are referred to.
            return Referrers && source is ConvertedSource ? throw HoldsImagesOnly(place.ToString()) : await CopyAsync(source, null, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<PushedImage> CopyAsync(IImageSource source, RepositoryReference? target, CancellationToken cancellationToken)
    {
        List<Fault> warnings = [];
        IReadOnlyList<SourceImage> all = OpaqueEntries.LeaveOut(await source.ListAsync(cancellationToken).ConfigureAwait(false), source.Place, warnings);
        // What refers to an image is not one of several to choose from.
        IReadOnlyList<SourceImage> images = await new ReferrerSearch(source, new ImageGraph(source)).LeaveOutAsync(all, cancellationToken).ConfigureAwait(false);
        SourceImage[] distinct = [.. images.DistinctBy(image => image.Descriptor.Digest)];
        if (distinct.Length > 1)
        {
            string names = string.Join(", ", distinct.Take(5).Select(image => image.Title));
            throw new IpdrException(new Fault(FaultCode.NameConflict, $"one image is pushed at a time, and there are {distinct.Length}: {names}{(distinct.Length > 5 ? ", …" : "")}", source.Place, "Say which one behind the place, after a colon."));
        }
        StoreDestination destination = new(store, ownsStore: false, target);
        await using (destination.ConfigureAwait(false))
        {
            CopyResult result = await ImageCopier.CopyAsync(new ChosenSource(source, images), destination, new CopyOptions { AllPlatforms = true, Referrers = Referrers }, options.Observer, cancellationToken).ConfigureAwait(false);
            CopiedImage image = result.Images[0];
            return new PushedImage(null, RepositoryReference.Parse(image.Reference), image.Descriptor.Digest, image.ImageIds, [.. warnings, .. result.Warnings]) { Referrers = image.Referrers };
        }
    }

    private static IpdrException HoldsImagesOnly(string place) => CopyPlan.HoldsImagesOnly(place, "Push from a registry, an OCI layout, oci-archive:FILE or the store, or leave --referrers out.");

    private static IpdrException Removed(RepositoryReference reference) =>
        new(new Fault(FaultCode.NotFound, "the image was removed from the store meanwhile, or layers of it are missing", reference.ToString(), "Push or pull it into the store again."));
}
