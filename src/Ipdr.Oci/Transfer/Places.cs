using Ipdr.Oci.Car;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Destinations;
using Ipdr.Oci.Destinations.Archiving;
using Ipdr.Oci.Destinations.Engine;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Engines;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Dags;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Store;

namespace Ipdr.Oci.Transfer;

/// <summary>Opens places as sources and destinations.</summary>
public static class Places
{
    /// <summary>Opens a place to copy from. The caller disposes of the source.</summary>
    /// <exception cref="IpdrException">It is not there, is something else, or cannot be copied from.</exception>
    public static async Task<IImageSource> OpenSourceAsync(ImagePlace place, PlaceOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(options);
        return place.Kind switch
        {
            PlaceKind.Archive => await OpenArchiveAsync(place, ArchiveForm.Any, options, cancellationToken).ConfigureAwait(false),
            PlaceKind.DockerArchive => await OpenArchiveAsync(place, ArchiveForm.Docker, options, cancellationToken).ConfigureAwait(false),
            PlaceKind.OciArchive => await OpenArchiveAsync(place, ArchiveForm.Oci, options, cancellationToken).ConfigureAwait(false),
            PlaceKind.Oci or PlaceKind.Universal => new OciLayoutSource(place.Location, place.Reference, place.ToString()),
            PlaceKind.SkopeoFolder => new SkopeoFolderSource(place.Location, place.ToString()),
            PlaceKind.RegistryV2 => new RegistryContentSource(LayoutRegistry.Open([place.Location]), ReferenceOf(place), place.ToString()),
            PlaceKind.DockerDaemon => await OpenEngineAsync(place, options, cancellationToken).ConfigureAwait(false),
            PlaceKind.Registry => OpenRegistry(place, options),
            PlaceKind.Store => OpenStore(place, options),
            PlaceKind.Car => await OpenCarAsync(place, cancellationToken).ConfigureAwait(false),
            PlaceKind.Ipfs => await OpenDagAsync(place, options, cancellationToken).ConfigureAwait(false),
            _ => throw Unsupported(place, "copied from"),
        };
    }

    /// <summary>Opens what a place means, of <c>docker://HOST/*</c> and <c>docker://HOST/PREFIX/*</c> each repository that has tags. The caller disposes of the sources.</summary>
    /// <returns>At least one.</returns>
    /// <exception cref="IpdrException">It is not there, is something else, or cannot be copied from; or the registry does not tell its repositories, or has none there.</exception>
    public static async Task<IReadOnlyList<IImageSource>> OpenSourcesAsync(ImagePlace place, PlaceOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(options);
        // They are the caller's now.
        return (await OpenedSources.OpenAsync([place], options, keepGoing: false, cancellationToken).ConfigureAwait(false)).Sources;
    }

    /// <summary>Opens the archive that a container engine sends of an image, as it comes. The caller disposes of the stream.</summary>
    /// <exception cref="IpdrException">It is no image of an engine, or the engine does not have it, or does not answer.</exception>
    public static async Task<Stream> OpenExportAsync(ImagePlace place, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(place);
        string name = NameInEngine(place);
        EngineClient client = await EngineClient.ConnectAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            string exact = await EngineSource.ResolveAsync(client, name, cancellationToken).ConfigureAwait(false);
            return new EngineExport(client, await client.ExportAsync(exact, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Opens a place to copy to. The caller disposes of the destination.</summary>
    /// <exception cref="IpdrException">Something is in the way, or it cannot be copied to.</exception>
    public static async Task<IImageDestination> OpenDestinationAsync(ImagePlace place, PlaceOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(options);
        return place.Kind switch
        {
            PlaceKind.Archive when !place.IsStandardStream && !Path.Exists(place.Location) => throw new IpdrException(new Fault(
                FaultCode.BadDestination, "it is not there yet, and may become many things", place.Location, $"Say what it shall be: oci:{place.Location}, docker-archive:{place.Location}, …")),
            PlaceKind.SkopeoFolder => SkopeoFolderDestination.Open(place.Location, place.ToString()),
            PlaceKind.Archive or PlaceKind.DockerArchive => new DockerArchiveDestination(place.ToString(), NamedBy(place), OutputOf(place, options), DepotOf(place)),
            PlaceKind.OciArchive => new OciArchiveDestination(place.ToString(), NamedBy(place), OutputOf(place, options), DepotOf(place)),
            PlaceKind.Oci => LayoutFolderDestination.Open(place.Location, LayoutKind.Oci, NamedBy(place)),
            PlaceKind.RegistryV2 => LayoutFolderDestination.Open(place.Location, LayoutKind.RegistryV2, NamedBy(place)),
            PlaceKind.Universal => LayoutFolderDestination.Open(place.Location, LayoutKind.Universal, NamedBy(place)),
            PlaceKind.DockerDaemon => new EngineDestination(
                await EngineClient.ConnectAsync(cancellationToken).ConfigureAwait(false), options.RegistryHost, place.Reference is null ? null : NameOf(place)),
            PlaceKind.Registry => new RegistryDestination(ClientOf(place, options)),
            PlaceKind.Store => new StoreDestination(ContentStore.Open(options.StoreHome), ownsStore: true, ReferenceOf(place)),
            _ => throw Unsupported(place, "copied to"),
        };
    }

    /// <summary>The CID that a place of IPFS is.</summary>
    /// <exception cref="IpdrException">It is none, or leads below one.</exception>
    internal static Cid RootOf(ImagePlace place) => ContentPath.TryParse(place.Reference, null, out ContentPath? path) && path.Segments.Count == 0
        ? path.Root
        : throw new IpdrException(new Fault(FaultCode.BadReference, $"\"{place.Reference}\" is not the CID of an image", place.ToString(), "Write it as ipfs://CID; what is below a CID is no image."));

    /// <summary>A client for what a place of a registry names.</summary>
    /// <exception cref="IpdrException">It cannot be the name of an image.</exception>
    internal static RegistryClient ClientOf(ImagePlace place, PlaceOptions options) => ImageReference.TryParse(place.Reference, null, out ImageReference? image)
        ? new RegistryClient(image, options.Registries)
        : throw new IpdrException(new Fault(FaultCode.BadReference, $"\"{place.Reference}\" cannot be the name of an image", place.ToString(), "Write it as docker://host/repository[:tag][@digest], lower case but for the tag; of a source the tag may be a pattern, such as 1.*"));

    private static Task<IImageSource> OpenArchiveAsync(ImagePlace place, ArchiveForm form, PlaceOptions options, CancellationToken cancellationToken)
    {
        ArchiveInput input = !place.IsStandardStream ? ArchiveInput.OfFile(place.Location)
            : options.StandardInput is { } open ? ArchiveInput.OfStream(open(), "standard input") : throw Unsupported(place, "copied from");
        return ArchiveSources.OpenAsync(input, form, place.Reference, place.IsStandardStream ? "standard input" : place.Location, PartialFolder.NewWorkFolder, options.Conversion, options.Observer, cancellationToken);
    }

    private static async Task<IImageSource> OpenEngineAsync(ImagePlace place, PlaceOptions options, CancellationToken cancellationToken)
    {
        string name = NameInEngine(place);
        using EngineClient client = await EngineClient.ConnectAsync(cancellationToken).ConfigureAwait(false);
        return await EngineSource.OpenAsync(client, name, PartialFolder.NewWorkFolder, options.Conversion, options.Observer, cancellationToken).ConfigureAwait(false);
    }

    private static string NameInEngine(ImagePlace place) => place is { Kind: PlaceKind.DockerDaemon, Reference: { } name }
        ? name
        : throw new IpdrException(new Fault(FaultCode.BadReference, "it names no image", place.ToString(), "Write the name or ID of one behind it."));

    private static RegistrySource OpenRegistry(ImagePlace place, PlaceOptions options) => TagPattern.TrySplit(place.Reference, out ImageReference? repository, out TagPattern? tags)
        ? new RegistrySource(new RegistryClient(repository, options.Registries), tags)
        : new RegistrySource(ClientOf(place, options));

    private static RegistryContentSource OpenStore(ImagePlace place, PlaceOptions options)
    {
        RepositoryReference? reference = ReferenceOf(place);
        ContentStore store = ContentStore.OpenExisting(options.StoreHome);
        return new RegistryContentSource(store, reference, place.ToString(), store);
    }

    private static async Task<IImageSource> OpenCarAsync(ImagePlace place, CancellationToken cancellationToken)
    {
        CarFile car = await CarFile.OpenAsync(place.Location, cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            return car.Header.Roots is [var root]
                ? new RegistryContentSource(await DagRegistry.OpenAsync(root, car, cancellationToken).ConfigureAwait(false), null, place.ToString(), car)
                : throw new IpdrException(new Fault(FaultCode.BadCar, $"the CAR names {car.Header.Roots.Count} roots, and it is not clear which is meant", place.ToString(), "Take the files out with ipdr car unpack --root, and name the folder."));
        }
        catch
        {
            car.Dispose();
            throw;
        }
    }

    private static async Task<IImageSource> OpenDagAsync(ImagePlace place, PlaceOptions options, CancellationToken cancellationToken)
    {
        Cid root = RootOf(place);
        OpenedBlocks blocks = await OpenedBlocks.OpenAsync(root, options, cancellationToken).ConfigureAwait(false);
        try
        {
            return new RegistryContentSource(await DagRegistry.OpenAsync(root, blocks.Source, cancellationToken).ConfigureAwait(false), null, place.ToString(), blocks);
        }
        catch
        {
            await blocks.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static ArchiveOutput OutputOf(ImagePlace place, PlaceOptions options) => !place.IsStandardStream ? ArchiveOutput.ToFile(place.Location)
        : options.StandardOutput is { } open ? ArchiveOutput.ToStream(open()) : throw Unsupported(place, "copied to");

    private static BlobDepot DepotOf(ImagePlace place) => new(PartialBlobs.Open(place.IsStandardStream ? PartialFolder.InCache($"standard output {Environment.ProcessId}") : PartialFolder.Beside(place.Location)));

    // A reference that could be a tag alone is a label, as skopeo and Docker have them; with a repository it is a name.
    private static DestinationTraits NamedBy(ImagePlace place) => place switch
    {
        { Reference: null } => new DestinationTraits(),
        { Reference: var text } when ImageChoice.IsPosition(text) => throw new IpdrException(new Fault(FaultCode.BadReference, $"\"{text}\" counts the images of a source, and is no name for one", place.ToString(), "Name the image, or leave that out.")),
        { Kind: PlaceKind.DockerArchive } => new DestinationTraits { Name = NameOf(place) },
        { Reference: { } text } when text.AsSpan().ContainsAny('/', ':') && ImageReference.TryParse(text, null, out ImageReference? name) && name.Digest is null => new DestinationTraits { Name = name },
        _ => new DestinationTraits { Label = place.Reference },
    };

    private static ImageReference NameOf(ImagePlace place) => ImageReference.TryParse(place.Reference, null, out ImageReference? name) && name.Digest is null
        ? name
        : throw new IpdrException(new Fault(FaultCode.BadReference, $"\"{place.Reference}\" cannot be the name of an image", place.ToString(), "Write it as [host/]repository[:tag], lower case but for the tag."));

    private static RepositoryReference? ReferenceOf(ImagePlace place)
    {
        if (place.Reference is null)
            return null;
        return RepositoryReference.TryParse(place.Reference, null, out RepositoryReference? reference)
            ? reference
            : throw new IpdrException(new Fault(FaultCode.BadReference, $"\"{place.Reference}\" is no name here", place.ToString(), "Write it as repository[:tag] or repository@digest, lower case but for the tag."));
    }

    private static IpdrException Unsupported(ImagePlace place, string what) => new(new Fault(FaultCode.BadDestination, $"places of this kind cannot be {what} here", place.ToString(), "See ipdr copy --help."));
}
