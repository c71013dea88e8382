using Ipdr.Oci.Archives;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Conversion.Ingestion;
using Ipdr.Oci.Conversion.Targets;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;

namespace Ipdr.Oci.Conversion.Composition;

/// <summary>Makes the output's manifests and indexes of what the archive holds. A document of which nothing changes keeps its bytes.</summary>
internal sealed class LayoutComposer(MemberIngestion contents, ConversionOptions options, List<Fault> warnings)
{
    private readonly Dictionary<ArchiveNode, Descriptor> _composed = [];
    private readonly Dictionary<Digest, Descriptor> _replaced = [];
    private readonly Dictionary<Digest, LayoutManifest> _manifests = [];
    private readonly Dictionary<Digest, BlobContent> _blobs = [];
    private readonly Dictionary<ImageNode, IReadOnlyList<ConvertedLayer>> _layers = [];
    private readonly Dictionary<ImageNode, Descriptor> _configs = [];

    /// <summary>Composes all that <paramref name="roots"/> lead to.</summary>
    /// <param name="roots">What is converted.</param>
    /// <param name="listed">What the archive lists, in its order.</param>
    public LayoutContents Compose(IReadOnlyList<ArchiveRoot> roots, IReadOnlyList<ArchiveNode> listed)
    {
        // What others speak of comes first, so that they can speak of its new digest.
        List<LayoutRoot> entries = [];
        foreach (ArchiveRoot root in roots.OrderBy(root => root.Node is ArtifactNode))
        {
            Descriptor composed = Compose(root.Node);
            Descriptor entry = composed with { Annotations = WithoutNames(root.Annotations), Platform = root.Platform };
            entries.Add(new LayoutRoot(entry, root.Name, root.Label) { Original = root.Node.Descriptor?.Digest });
        }
        return new LayoutContents
        {
            Roots = [.. entries.DistinctBy(SortKey).OrderBy(SortKey, StringComparer.Ordinal)],
            Manifests = _manifests,
            Blobs = _blobs,
            Listed = [.. listed.Select(node => RootOf(node, roots) is { } root ? _composed[root].Digest : (Digest?)null)],
        };
    }

    // Of an image that is described twice, the other description may have been taken, or an index that has it.
    private static ArchiveNode? RootOf(ArchiveNode node, IReadOnlyList<ArchiveRoot> roots) => roots.Any(root => root.Node == node) ? node
        : node is ImageNode { ImageId: { } id } ? roots.Select(root => root.Node).FirstOrDefault(root => Soundness.Images(root).Any(image => image.ImageId == id))
        : null;

    /// <summary>The images among what was composed.</summary>
    public IReadOnlyList<ConvertedImage> Images(IReadOnlyList<ArchiveRoot> roots)
    {
        Dictionary<ImageNode, SortedSet<string>> names = Names(roots);
        List<ConvertedImage> images = [];
        foreach ((ImageNode image, IReadOnlyList<ConvertedLayer> layers) in _layers)
            images.Add(new ConvertedImage([.. names.GetValueOrDefault(image, [])], image.ConfigDocument!.ImageId, image.Config!.Platform, _composed[image], _configs[image], layers));
        return [.. images.OrderBy(image => $"{string.Join('\n', image.Names)}\n\n{image.Manifest.Digest}", StringComparer.Ordinal)];
    }

    private static Dictionary<ImageNode, SortedSet<string>> Names(IReadOnlyList<ArchiveRoot> roots)
    {
        Dictionary<ImageNode, SortedSet<string>> names = [];
        foreach (ArchiveRoot root in roots)
        {
            if ((root.Name?.Familiar ?? root.Label) is not { } name)
                continue;
            foreach (ImageNode image in Soundness.Images(root.Node))
            {
                if (!names.TryGetValue(image, out SortedSet<string>? its))
                    names.Add(image, its = new SortedSet<string>(StringComparer.Ordinal));
                its.Add(name);
            }
        }
        return names;
    }

    /// <summary>The manifests that are no images among what was composed.</summary>
    public IReadOnlyList<Descriptor> Artifacts() =>
        [.. _composed.Where(pair => pair.Key is ArtifactNode or OpaqueNode).Select(pair => pair.Value).DistinctBy(descriptor => descriptor.Digest).OrderBy(descriptor => descriptor.Digest.ToString(), StringComparer.Ordinal)];

    private Descriptor Compose(ArchiveNode node)
    {
        if (!_composed.TryGetValue(node, out Descriptor? descriptor))
        {
            _composed[node] = descriptor = node switch
            {
                ImageNode image => ComposeImage(image),
                ArtifactNode artifact => ComposeArtifact(artifact),
                IndexNode index => ComposeIndex(index),
                OpaqueNode opaque => Keep(opaque.Content, opaque.Descriptor!),
                _ => throw new ArgumentOutOfRangeException(nameof(node)),
            };
            if (node.Descriptor is { } original && original.Digest != descriptor.Digest)
                _replaced[original.Digest] = descriptor;
        }
        return descriptor;
    }

    private Descriptor ComposeImage(ImageNode image)
    {
        ConvertedLayer[] layers = [.. image.Layers.Select((layer, i) => ComposeLayer(image, layer, i))];
        Descriptor config = ComposeConfig(image);
        (_layers[image], _configs[image]) = (layers, config);
        Descriptor[] blobs = [.. layers.Select(layer => layer.Descriptor)];
        MediaType type = MediaType.OciManifest.In(options.MediaTypes);
        if (image.Manifest is { } original && (original.MediaType ?? type) == type && original.Config == config && original.Layers is { } own && own.SequenceEqual(blobs) && Digests(image.Descriptor!))
            return AddManifest(type, image.ManifestBytes, [], [config.Digest, .. blobs.Select(blob => blob.Digest)], image.Descriptor!.Digest.Algorithm);

        if (image.Manifest is { Layers: null })
            warnings.Add(new Fault(FaultCode.BadManifest, "the manifest has no list of layers, which is required; it is written again with an empty one", image.Where));
        ImageManifest manifest = (image.Manifest ?? new ImageManifest(2) { Config = config }) with
        {
            MediaType = type,
            Config = config,
            Layers = blobs,
            Subject = Replaced(image.Manifest?.Subject),
        };
        if (options.MediaTypes == MediaTypeFamily.Docker && (manifest.Annotations is not null || manifest.Subject is not null))
        {
            warnings.Add(new Fault(FaultCode.Lost, "annotations and subject of the manifest are left out: Docker's media types have none", image.Where, "Use --media-types oci to keep them."));
            manifest = manifest with { Annotations = null, Subject = null, ArtifactType = null };
        }
        return AddManifest(type, Document.Write(manifest), [], [config.Digest, .. blobs.Select(blob => blob.Digest)], Algorithm);
    }

    private Descriptor ComposeConfig(ImageNode image)
    {
        MediaType type = MediaType.OciConfig.In(options.MediaTypes);
        DigestAlgorithm algorithm = options.Digest ?? image.Manifest?.Config.Digest.Algorithm ?? DigestAlgorithm.Sha256;
        Digest digest = algorithm == DigestAlgorithm.Sha256 && image.ImageId is { } imageId ? imageId : Digest.OfContent(algorithm, image.ConfigBytes.Span);
        _blobs[digest] = new BlobContent.InMemory(image.ConfigBytes);
        Descriptor original = image.Manifest?.Config ?? new Descriptor(type, digest, image.ConfigBytes.Length);
        return original.MediaType == type && original.Digest == digest ? original : original with { MediaType = type, Digest = digest };
    }

    private ConvertedLayer ComposeLayer(ImageNode image, ContentReference layer, int position)
    {
        Descriptor? original = layer.Descriptor;
        if (layer.Member is null)
            return new ConvertedLayer(original! with { MediaType = original.MediaType.In(options.MediaTypes) }, image.Config!.RootFs.DiffIds![position]);
        if (!layer.IsLayer)
            return new ConvertedLayer(Keep(layer, original!), null);

        IngestedContent content = contents[layer.Member];
        bool kept = LayerTarget.For(options.Compression, content.Stored) == content.Stored;
        ContentForm form = kept ? content.Kept! : content.Converted!;
        if (kept)
            form = form with { Digest = content.StoredDigests[options.Digest ?? original?.Digest.Algorithm ?? DigestAlgorithm.Sha256] };
        if (form.Format is not (CompressionFormat.None or CompressionFormat.Gzip or CompressionFormat.Zstd))
            throw new IpdrException(new Fault(FaultCode.UnsupportedMediaType, $"the layer is compressed by {form.Format}, and manifests have no word for such a layer", layer.Where, "Give it another compression: --compression auto makes it gzip."));
        Place(form);
        bool foreign = original?.MediaType.IsForeignLayer == true;
        MediaType type = MediaType.OfLayer(options.MediaTypes, form.Format, foreign);
        Digest diffId = image.Config!.RootFs.DiffIds![position];
        if (original is null)
            return new ConvertedLayer(new Descriptor(type, form.Digest, form.Size) { Annotations = WithRecipe(null, form) }, diffId, form.CompressedWith);
        WarnOfLabel(layer, content, original);
        if (kept)
            return new ConvertedLayer(original with { MediaType = type, Digest = form.Digest, Data = form.Digest == original.Digest ? original.Data : null }, diffId);
        return new ConvertedLayer(new Descriptor(type, form.Digest, form.Size) { Annotations = WithRecipe(WithoutCompression(original.Annotations), form), Extra = original.Extra }, diffId, form.CompressedWith);
    }

    private void WarnOfLabel(ContentReference layer, IngestedContent content, Descriptor original)
    {
        if (original.MediaType.LayerCompression is { } promised && promised != content.Stored)
        {
            warnings.Add(new Fault(FaultCode.MediaTypeMismatch, "the layer's media type says another compression than its bytes have; it was corrected", layer.Where)
            {
                Expected = promised.ToString(),
                Actual = content.Stored.ToString(),
            });
        }
    }

    private Descriptor ComposeArtifact(ArtifactNode artifact)
    {
        foreach (ContentReference blob in artifact.Blobs.Where(blob => blob.Member is not null))
            Keep(blob, blob.Descriptor!);
        Digest[] blobs = [.. artifact.Blobs.Where(blob => blob.Member is not null).Select(blob => blob.Descriptor!.Digest)];
        Descriptor original = artifact.Descriptor!;
        Descriptor? subject = Replaced(artifact.Manifest.Subject);
        Descriptor composed = subject == artifact.Manifest.Subject
            ? AddManifest(original.MediaType, artifact.ManifestBytes, [], blobs, original.Digest.Algorithm)
            : AddManifest(original.MediaType, Document.Write(artifact.Manifest with { Subject = subject }), [], blobs, original.Digest.Algorithm);
        return composed with { ArtifactType = original.ArtifactType };
    }

    private Descriptor ComposeIndex(IndexNode index)
    {
        foreach ((_, ArchiveNode? node) in index.Children.OrderBy(child => child.Node is ArtifactNode))
            Compose(node!);
        Descriptor[] children = [.. index.Children.Select(child => ComposeChild(child.Descriptor, child.Node!))];
        Digest[] digests = [.. children.Select(child => child.Digest)];
        MediaType type = MediaType.OciIndex.In(options.MediaTypes);
        if ((index.Index.MediaType ?? type) == type && children.SequenceEqual(index.Index.Manifests) && Digests(index.Descriptor!))
            return AddManifest(type, index.IndexBytes, digests, [], index.Descriptor!.Digest.Algorithm);
        ImageIndex changed = index.Index with { MediaType = type, Manifests = children, Subject = Replaced(index.Index.Subject) };
        return AddManifest(type, Document.Write(changed), digests, [], Algorithm);
    }

    private Descriptor ComposeChild(Descriptor original, ArchiveNode node)
    {
        Descriptor composed = _composed[node];
        Annotations? annotations = original.Annotations;
        if (annotations?.GetValueOrDefault(Annotations.DockerReferenceDigest) is { } reference
            && Digest.TryParse(reference, null, out Digest spokenOf)
            && _replaced.TryGetValue(spokenOf, out Descriptor? replacement))
        {
            annotations = new Annotations(annotations) { [Annotations.DockerReferenceDigest] = replacement.Digest.ToString() };
        }
        bool same = composed.Digest == original.Digest && composed.MediaType == original.MediaType && ReferenceEquals(annotations, original.Annotations);
        return same ? original : original with { MediaType = composed.MediaType, Digest = composed.Digest, Size = composed.Size, Annotations = annotations, Data = null };
    }

    private Descriptor Keep(ContentReference reference, Descriptor descriptor)
    {
        Place(contents[reference.Member!].Kept! with { Digest = descriptor.Digest });
        return descriptor;
    }

    private void Place(ContentForm form) => _blobs.TryAdd(form.Digest, form.Content);

    private Descriptor AddManifest(MediaType type, ReadOnlyMemory<byte> bytes, IReadOnlyList<Digest> manifests, IReadOnlyList<Digest> blobs, DigestAlgorithm algorithm)
    {
        Digest digest = Digest.OfContent(algorithm, bytes.Span);
        _manifests[digest] = new LayoutManifest(bytes, manifests, blobs);
        return new Descriptor(type, digest, bytes.Length);
    }

    private DigestAlgorithm Algorithm => options.Digest ?? DigestAlgorithm.Sha256;

    private bool Digests(Descriptor descriptor) => options.Digest is null || options.Digest == descriptor.Digest.Algorithm;

    private Descriptor? Replaced(Descriptor? subject) => subject is not null && _replaced.TryGetValue(subject.Digest, out Descriptor? replacement)
        ? subject with { MediaType = replacement.MediaType, Digest = replacement.Digest, Size = replacement.Size }
        : subject;

    // Tables of contents that lazy pullers keep in annotations are about the very bytes that were replaced.
    private static Annotations? WithoutCompression(Annotations? annotations)
    {
        Annotations rest = new((annotations ?? []).Where(pair =>
            !pair.Key.StartsWith("containerd.io/snapshot/stargz/", StringComparison.Ordinal)
            && !pair.Key.StartsWith("io.containers.estargz.", StringComparison.Ordinal)
            && !pair.Key.StartsWith("io.github.containers.zstd-chunked.", StringComparison.Ordinal)
            && !pair.Key.StartsWith("io.containers.zstd-chunked.", StringComparison.Ordinal)     // before containers/storage 1.33
            && pair.Key != Annotations.LayerRecipe));
        return rest.Count > 0 ? rest : null;
    }

    private Annotations? WithRecipe(Annotations? annotations, ContentForm form) =>
        options.AnnotateRecipe && options.MediaTypes == MediaTypeFamily.Oci && form.CompressedWith is { } settings
            ? new Annotations(annotations ?? []) { [Annotations.LayerRecipe] = settings.ToString() }
            : annotations;

    private Annotations? WithoutNames(Annotations? annotations)
    {
        Annotations rest = new((annotations ?? []).Where(pair => pair.Key is not (Annotations.RefName or Annotations.ContainerdImageName)));
        if (rest.TryGetValue(Annotations.ContainerdManifestSubject, out string? subject)
            && Digest.TryParse(subject, null, out Digest spokenOf)
            && _replaced.TryGetValue(spokenOf, out Descriptor? replacement))
        {
            rest[Annotations.ContainerdManifestSubject] = replacement.Digest.ToString();
        }
        return rest.Count > 0 ? rest : null;
    }

    private static string SortKey(LayoutRoot root) => $"{root.Name}\n{root.Label}\n{root.Descriptor.Digest}";
}
