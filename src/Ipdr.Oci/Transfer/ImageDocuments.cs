using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>The documents of an image, to the byte, each held against its digest.</summary>
public static class ImageDocuments
{
    /// <summary>The one image that a source means; entries that only refer to another, such as signatures, do not count beside it.</summary>
    /// <exception cref="IpdrException">There is none, or there are several (<see cref="FaultCode.NameConflict"/>).</exception>
    public static async Task<SourceImage> FindAsync(IImageSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ReferrerSearch referring = new(source, new ImageGraph(source));
        return ImageChoice.Single(await referring.LeaveOutAsync(await source.ListAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false), source.Place);
    }

    /// <summary>Reads the manifest or index.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="root">The image, as the source lists it.</param>
    /// <param name="platform">Of an index, the manifest of the image for this platform is meant; null for the index itself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">It is not there or damaged, or no image is for that platform (<see cref="FaultCode.NoPlatform"/>).</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadManifestAsync(IImageSource source, Descriptor root, Platform? platform = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(root);
        ImageGraph graph = new(source);
        Descriptor chosen = platform is null ? root : await ChooseAsync(graph, source, root, platform, cancellationToken).ConfigureAwait(false);
        return (await graph.ReadAsync(chosen, cancellationToken).ConfigureAwait(false)).Content;
    }

    /// <summary>Reads the config.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="root">The image, as the source lists it.</param>
    /// <param name="platform">Of an index, the image for this platform is meant; null for that of this machine, or the only one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">It is not there or damaged, no image is for that platform (<see cref="FaultCode.NoPlatform"/>), or the manifest names no config (<see cref="FaultCode.NotFound"/>).</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadConfigAsync(IImageSource source, Descriptor root, Platform? platform = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(root);
        ImageGraph graph = new(source);
        GraphManifest manifest = await graph.ReadAsync(await ChooseAsync(graph, source, root, platform, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        Descriptor config = manifest.Summary.Config
            ?? throw new IpdrException(new Fault(FaultCode.NotFound, "the manifest names no config", $"{source.Place}{Fault.PlaceSeparator}{manifest.Descriptor.Digest}", "It is an artifact; ipdr inspect shows what is in it."));
        return await graph.ReadDocumentAsync(config, cancellationToken).ConfigureAwait(false);
    }

    private static Task<Descriptor> ChooseAsync(ImageGraph graph, IImageSource source, Descriptor root, Platform? platform, CancellationToken cancellationToken) =>
        new PlatformChoice(graph, new CopyOptions { Platforms = platform is null ? [] : [platform] }, holdsIndexes: false, source.Place).ChooseAsync(root, cancellationToken);
}
