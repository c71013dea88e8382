using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>Manifests and blobs that are reached from some images, each once, what an index lists before the index.</summary>
internal sealed class ImageGraph(IImageSource source)
{
    // An index of more manifests than this is no image; image-spec sets no bound.
    private const int MaxManifests = 10_000, MaxDepth = 8;

    private readonly Dictionary<Digest, GraphManifest> _read = [];
    private readonly HashSet<Digest> _entered = [];
    private readonly Dictionary<Digest, Descriptor> _blobs = [];

    /// <summary>The manifests, children before parents.</summary>
    public List<GraphManifest> Manifests { get; } = [];

    /// <summary>Configs, layers and other blobs.</summary>
    public IReadOnlyCollection<Descriptor> Blobs => _blobs.Values;

    /// <summary>Layers that live elsewhere, by their URLs, and are not copied.</summary>
    public bool HasForeignLayers { get; private set; }

    /// <summary>Reads a manifest or index of the source, once.</summary>
    /// <exception cref="IpdrException">It is not there, or is none.</exception>
    public async ValueTask<GraphManifest> ReadAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        if (_read.TryGetValue(descriptor.Digest, out GraphManifest? known))
            return known;
        if (_read.Count >= MaxManifests)
            throw new IpdrException(new Fault(FaultCode.Limit, $"more than {MaxManifests} manifests are reached", source.Place, "No tool writes such an index; do not use this image."));
        ReadOnlyMemory<byte> content = await source.ReadManifestAsync(descriptor, cancellationToken).ConfigureAwait(false);
        return _read[descriptor.Digest] = new GraphManifest(descriptor, content, ManifestSummary.Read(content, descriptor.MediaType, WhereOf(descriptor)));
    }

    /// <summary>A manifest or index that was read.</summary>
    public GraphManifest? Find(Digest digest) => _read.GetValueOrDefault(digest);

    /// <summary>Reads a config, and checks it.</summary>
    /// <exception cref="IpdrException">It is not there, is another one, or is none.</exception>
    public async ValueTask<ImageConfig> ReadConfigAsync(Descriptor config, CancellationToken cancellationToken) =>
        Document.ReadConfig(await ReadDocumentAsync(config, cancellationToken).ConfigureAwait(false), WhereOf(config));

    /// <summary>Reads a blob that is a document, whatever is in it, and holds it against its descriptor.</summary>
    /// <exception cref="IpdrException">It is not there, is another one, or is too large for a document.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadDocumentAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        SourceDocuments.RequireDocumentSize(blob, source.Place);
        VerifyingStream stream = new(await source.OpenUnverifiedAsync(blob, 0, cancellationToken).ConfigureAwait(false), blob.Digest, blob.Size, WhereOf(blob));
        await using (stream.ConfigureAwait(false))
        {
            // One byte more, so that the read that compares is made.
            byte[] content = new byte[blob.Size + 1];
            int count = await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return content.AsMemory(0, count);
        }
    }

    /// <summary>Enters a manifest that was made here, with what it lists.</summary>
    public Task AddAsync(GraphManifest made, CancellationToken cancellationToken)
    {
        _read[made.Descriptor.Digest] = made;
        return AddAsync(made.Descriptor, cancellationToken);
    }

    /// <summary>Enters a manifest or index, with all that is reached from it.</summary>
    /// <exception cref="IpdrException">Something is not there, or there is too much.</exception>
    public Task AddAsync(Descriptor root, CancellationToken cancellationToken) => AddAsync(root, 0, cancellationToken);

    private async Task AddAsync(Descriptor descriptor, int depth, CancellationToken cancellationToken)
    {
        if (!_entered.Add(descriptor.Digest))
            return;
        if (depth > MaxDepth)
            throw new IpdrException(new Fault(FaultCode.Limit, $"indexes are nested more than {MaxDepth} deep", source.Place, "No tool writes such an index; do not use this image."));
        GraphManifest manifest = await ReadAsync(descriptor, cancellationToken).ConfigureAwait(false);
        foreach (Descriptor child in manifest.Summary.Manifests)
        {
            // What an index lists may be anything (image-spec, image-index.md); what is no manifest is a blob.
            if (child.MediaType.IsIndex || child.MediaType.IsManifest)
                await AddAsync(child, depth + 1, cancellationToken).ConfigureAwait(false);
            else
                _blobs.TryAdd(child.Digest, child);
        }
        foreach (Descriptor blob in manifest.Summary.NeededBlobs)
            _blobs.TryAdd(blob.Digest, blob);
        HasForeignLayers |= manifest.Summary.Layers.Any(layer => layer.MediaType.IsForeignLayer);
        Manifests.Add(manifest);
    }

    private string WhereOf(Descriptor descriptor) => $"{source.Place}{Fault.PlaceSeparator}{descriptor.Digest}";
}
