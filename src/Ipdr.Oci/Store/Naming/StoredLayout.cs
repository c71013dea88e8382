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
internal sealed class StoredLayout(RepositoryName repository)
{
    private readonly Dictionary<Digest, LayoutManifest> _manifests = [];
    private readonly Dictionary<Digest, BlobContent> _blobs = [];
    private readonly Dictionary<Digest, MediaType> _types = [];
    private readonly Dictionary<Digest, StoredFileNode> _files = [];
    private readonly Dictionary<Multihash, byte[]> _nodes = [];

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
        _types.Add(digest, summary.MediaType);
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
        if (!_manifests.ContainsKey(manifest))
            return;
        Tag?[] names = tags.Count == 0 ? [null] : [.. tags];
        foreach (Tag? tag in names)
            Roots.Add((tag, await BuildAsync(manifest, tag, cancellationToken).ConfigureAwait(false)));
    }

    private async Task<Cid> BuildAsync(Digest manifest, Tag? tag, CancellationToken cancellationToken)
    {
        ImageReference? name = tag is null || !ImageReference.TryParse($"{repository}:{tag}", null, out ImageReference? parsed) ? null : parsed;
        LayoutRoot root = new(new Descriptor(_types[manifest], manifest, _manifests[manifest].Bytes.Length), name, name is null ? tag?.ToString() : null);
        LayoutContents contents = new() { Roots = [root], Manifests = _manifests, Blobs = _blobs };
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
}
