using Ipdr.Oci.Compression;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Conversion.Targets;
using Ipdr.Oci.Destinations;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Staging;
using Ipdr.Oci.Store;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Transfer;

/// <summary>The store as the output of a conversion, and as the memory of layers. Files become blobs by their names alone, a layer as soon as it is compressed.</summary>
internal sealed class StoreTarget(ContentStore store) : IConversionTarget, ILayerMemory
{
    private static readonly FileForm Form = new(UnixFsProfile.V1);

    // Where blobs wait until it is known which repositories need them; StoreDestination has the same.
    private static readonly RepositoryName Arrival = RepositoryName.Parse(RegistryV2Layout.DefaultRepository);

    public string? Output => null;

    public bool HoldsKnownLayers => true;

    /// <summary>What was put there: the images and the names that they have in the store.</summary>
    public IReadOnlyList<(SourceImage Image, RepositoryReference Reference)> Images { get; private set; } = [];

    public StagedFile NewFile() => store.NewFile();

    public KnownLayer? Find(Digest diffId, CompressionSettings settings) => store.FindLayer(diffId, settings.ToString()) is { } blob ? Known(diffId, blob) : null;

    public KnownLayer? FindStored(Digest blob) => store.FindStoredLayer(blob) is var (diffId, file) ? Known(diffId, file) : null;

    public async ValueTask<ContentForm> TakeLayerAsync(Digest diffId, ContentForm layer, CancellationToken cancellationToken)
    {
        if (layer.Content is not BlobContent.InFile { Node: { } node } blob)
            return layer;
        await store.AdoptAsync(Arrival, layer.Digest, blob.File, node, cancellationToken).ConfigureAwait(false);
        await store.RememberLayerAsync(diffId, layer.CompressedWith?.ToString(), layer.Digest, cancellationToken).ConfigureAwait(false);
        return layer with { Content = new BlobContent.InPlace(Known(diffId, store.FindBlob(layer.Digest)!).OpenRead) };
    }

    public async Task<Dag?> PlaceAsync(LayoutContents layout, List<Fault> warnings, CancellationToken cancellationToken)
    {
        IReadOnlyList<LayoutRoot> roots = ImagesOf(layout);
        if (roots.DistinctBy(root => root.Descriptor.Digest).Skip(1).Any())
        {
            string[] names = [.. roots.Select(root => root.Name?.Familiar ?? root.Label ?? root.Descriptor.Digest.ToString())];
            throw new IpdrException(new Fault(
                FaultCode.NameConflict, $"one image is pushed at a time, and there are {names.Length}: {string.Join(", ", names.Take(5))}{(names.Length > 5 ? ", …" : "")}", "",
                "Say which: docker-archive:FILE:NAME or oci-archive:FILE:NAME; one without a name is FILE:@N, counted from 0."));
        }
        StoreDestination destination = new(store, ownsStore: false, null);
        await using (destination.ConfigureAwait(false))
        {
            Digest[] manifests = [.. roots.SelectMany(root => layout.ManifestsFrom(root.Descriptor.Digest)).Distinct()];
            IEnumerable<Digest> others = layout.Manifests.Keys.Except(manifests).SelectMany(manifest => layout.Manifests[manifest].Blobs);
            HashSet<Digest> leftOut = [.. others.Except(manifests.SelectMany(manifest => layout.Manifests[manifest].Blobs))];
            foreach ((Digest digest, BlobContent content) in layout.Blobs.Where(blob => !leftOut.Contains(blob.Key)))
                await BringAsync(destination, digest, content, cancellationToken).ConfigureAwait(false);
            foreach (Digest digest in manifests.Reverse())
                await destination.WriteManifestAsync(DescriptorOf(layout, digest), layout.Manifests[digest].Bytes, cancellationToken).ConfigureAwait(false);
            SourceImage[] images = [.. roots.Select(root => new SourceImage(root.Descriptor, root.Name, root.Label))];
            CommittedImages committed = await destination.CommitAsync(images, [], cancellationToken).ConfigureAwait(false);
            warnings.AddRange(committed.Warnings);
            Images = [.. images.Zip(committed.References, (image, reference) => (image, RepositoryReference.Parse(reference)))];
        }
        return null;
    }

    private static KnownLayer Known(Digest diffId, FileBlob blob) => new(
        diffId, blob.Digest, blob.Size, () => new FileStream(blob.Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan));

    // As ReferrerSearch tells them apart, of documents that are at hand.
    private static IReadOnlyList<LayoutRoot> ImagesOf(LayoutContents layout)
    {
        LayoutRoot[] images = [.. layout.Roots.Where(root => (root.Label ?? root.Name?.Tag) is { } tag ? !ReferrerTag.Is(tag) : !Refers(layout, root.Descriptor.Digest))];
        return images.Length > 0 ? images : layout.Roots;
    }

    private static bool Refers(LayoutContents layout, Digest root) =>
        layout.Manifests.TryGetValue(root, out LayoutManifest? manifest) && ManifestSummary.Read(manifest.Bytes, null, root.ToString()).Subject is not null;

    private static Descriptor DescriptorOf(LayoutContents layout, Digest digest)
    {
        LayoutManifest manifest = layout.Manifests[digest];
        return new Descriptor(ManifestSummary.Read(manifest.Bytes, null, digest.ToString()).MediaType, digest, manifest.Bytes.Length);
    }

    private async Task BringAsync(StoreDestination destination, Digest digest, BlobContent content, CancellationToken cancellationToken)
    {
        switch (content)
        {
            case BlobContent.InFile { Node: { } node } blob:
                await store.AdoptAsync(Arrival, digest, blob.File, node, cancellationToken).ConfigureAwait(false);
                break;
            case BlobContent.InMemory document:
                using (StagedFile file = store.NewFile())
                {
                    await file.WriteAsync(document.Bytes, cancellationToken).ConfigureAwait(false);
                    file.BeginComplete();
                    using FileSink sink = new(Form, keep: true);
                    sink.Append(document.Bytes.Span);
                    await store.AdoptAsync(Arrival, digest, file, sink.Finish(new DiskContent(file.Path)), cancellationToken).ConfigureAwait(false);
                }
                break;
            default:
                if (!await store.MountBlobAsync(Arrival, null, digest, cancellationToken).ConfigureAwait(false))
                    throw new IpdrException(new Fault(FaultCode.MissingBlob, "a blob of the store was removed meanwhile", digest.ToString(), "Run it again."));
                break;
        }
    }
}
