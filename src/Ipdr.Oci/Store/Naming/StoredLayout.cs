using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Store.Naming;

/// <summary>The universal layout of one image of the store, as a DAG only: nothing of it is written anywhere as files.</summary>
/// <param name="repository">What the image is called.</param>
/// <param name="referrers">What goes with it.</param>
internal sealed class StoredLayout(RepositoryName repository, IReadOnlyList<StoredReferrer> referrers)
{
    private readonly Dictionary<Digest, LayoutManifest> _manifests = [];
    private readonly Dictionary<Digest, BlobContent> _blobs = [];
    private readonly Dictionary<Digest, ManifestSummary> _summaries = [];
    private readonly Dictionary<Digest, DagNode> _files = [];
    private readonly Dictionary<Multihash, byte[]> _nodes = [];

    /// <summary>What goes with the image.</summary>
    public IReadOnlyList<StoredReferrer> Referrers => referrers;

    /// <summary>Blobs that were not taken apart before, and their blocks.</summary>
    public List<(Digest Blob, BlobIndex Index)> NewIndexes { get; } = [];

    /// <summary>The blocks that are in no blob.</summary>
    public IReadOnlyList<(Multihash Hash, byte[] Content)> Nodes => [.. _nodes.Select(pair => (pair.Key, pair.Value))];

    /// <summary>The root for each tag, or the one of the image without a name.</summary>
    public List<(Tag? Tag, Cid Cid)> Roots { get; } = [];

    /// <summary>Whether all blobs of its manifests are in it, but for those that live elsewhere.</summary>
    public bool IsWhole { get; set; } = true;

    public bool Has(Digest digest) => _files.ContainsKey(digest);

    public void AddManifest(Digest digest, ReadOnlyMemory<byte> content, ManifestSummary summary, BlobIndex index)
    {
        Digest[] blobs = [.. (summary.Config is { } config ? [config.Digest] : Array.Empty<Digest>()), .. summary.Layers.Select(layer => layer.Digest)];
        _manifests.Add(digest, new LayoutManifest(content, [.. summary.Manifests.Select(child => child.Digest)], blobs));
        _summaries.Add(digest, summary);
        _files.Add(digest, BlobNaming.Entry(index.Cid, content.Length));
        NewIndexes.Add((digest, index));
    }

    public void AddBlob(Digest digest, Cid cid, long size, BlobIndex? index)
    {
        _blobs.Add(digest, new BlobContent.Discarded(null));
        _files.Add(digest, BlobNaming.Entry(cid, size));
        if (index is not null)
            NewIndexes.Add((digest, index));
    }

    /// <summary>Puts the directories together.</summary>
    public async Task BuildAsync(Digest manifest, IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        if (!_manifests.ContainsKey(manifest) || referrers.Any(referrer => !_manifests.ContainsKey(referrer.Manifest)))
        {
            IsWhole = false;
            return;
        }
        (Descriptor, Tag)[] lists = [.. Lists()];
        Tag?[] names = tags.Count == 0 ? [null] : [.. tags];
        foreach (Tag? tag in names)
            Roots.Add((tag, await BuildAsync(manifest, tag, lists, cancellationToken).ConfigureAwait(false)));
    }

    // As LayoutFolderDestination writes them.
    private IEnumerable<(Descriptor List, Tag Tag)> Lists()
    {
        foreach (IGrouping<Digest, Digest> subject in referrers.Where(referrer => referrer.Tag is null).Select(referrer => referrer.Manifest).Distinct().ToLookup(digest => _summaries[digest].Subject!.Digest))
        {
            ImageIndex list = ReferrerList.Add(null, subject.Select(digest => _summaries[digest].ToReferrer(digest, _manifests[digest].Bytes.Length)))!;
            (Descriptor descriptor, LayoutManifest document) = ReferrerList.Write(list);
            if (_manifests.TryAdd(descriptor.Digest, document))
                _files.Add(descriptor.Digest, FileSink.OfDocument(BlobNaming.Form, UniversalLayout.PathOf(descriptor.Digest.ToString()), document.Bytes));
            yield return (descriptor, ReferrerTag.ListOf(subject.Key));
        }
    }

    private async Task<Cid> BuildAsync(Digest manifest, Tag? tag, (Descriptor List, Tag Tag)[] lists, CancellationToken cancellationToken)
    {
        LayoutRoot image = RootOf(DescriptorOf(manifest), tag, isNamed: true);
        LayoutContents contents = new()
        {
            Roots = [image, .. referrers.Select(referrer => RootOf(DescriptorOf(referrer), referrer.Tag, image.Name is not null))],
            Lists = [.. lists.Select(list => RootOf(list.List, list.Tag, image.Name is not null))],
            Manifests = _manifests,
            Blobs = _blobs,
        };
        DagTree tree = new(BlobNaming.Profile, keep: true);
        foreach ((string path, Digest content) in LayoutPlan.For(LayoutKind.Universal, contents).Placements)
            tree.Add(path, _files[content]);
        tree.Add(OciLayout.MarkerFile, FileSink.OfDocument(BlobNaming.Form, OciLayout.MarkerFile, OciLayout.Marker));
        tree.Add(OciLayout.IndexFile, FileSink.OfDocument(BlobNaming.Form, OciLayout.IndexFile, OciLayout.IndexDocument(contents.Roots)));
        Dag dag = new(tree.Build(), BlobNaming.Profile);
        foreach (DagBlock block in dag.Blocks().Where(block => block is not StoredBlock))
        {
            byte[] content = new byte[block.Length];
            await block.ReadAsync(content, cancellationToken).ConfigureAwait(false);
            _nodes[block.Cid.Hash] = content;
        }
        return dag.Root;
    }

    // What is tagged beside an image is called as that is.
    private LayoutRoot RootOf(Descriptor descriptor, Tag? tag, bool isNamed)
    {
        ImageReference? name = tag is not null && isNamed && ImageReference.TryParse($"{repository}:{tag}", null, out ImageReference? parsed) ? parsed : null;
        return new LayoutRoot(descriptor, name, name is null ? tag?.ToString() : null);
    }

    private Descriptor DescriptorOf(StoredReferrer referrer) =>
        DescriptorOf(referrer.Manifest) with { ArtifactType = referrer.Tag is null ? _summaries[referrer.Manifest].ArtifactType : null };

    private Descriptor DescriptorOf(Digest manifest) => new(_summaries[manifest].MediaType, manifest, _manifests[manifest].Bytes.Length);
}
