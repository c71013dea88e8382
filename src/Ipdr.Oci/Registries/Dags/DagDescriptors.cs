using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Registries.Dags;

/// <summary>An image as nerdctl puts it on IPFS: a file that is a descriptor, whose <c>urls</c> lead on, and so do those of all below it.</summary>
/// <param name="reader">Reads the DAG.</param>
internal sealed class DagDescriptors(DagReader reader) : DagImages(reader)
{
    private const string Scheme = "ipfs://";

    // As many as any layout that is served.
    private const int MaxDescriptors = 10_000;

    private readonly Dictionary<Digest, UnixFsEntry> _files = [];
    private readonly List<Digest> _manifests = [];
    private Digest _root;

    /// <summary>Reads the descriptor and all documents that it leads to.</summary>
    /// <exception cref="IpdrException">A document is none, or leads to nothing.</exception>
    public static async ValueTask<DagDescriptors> OpenAsync(DagReader reader, Cid root, CancellationToken cancellationToken)
    {
        DagDescriptors images = new(reader);
        UnixFsEntry file = await reader.GetAsync(ContentPath.Of(root), cancellationToken).ConfigureAwait(false);
        Descriptor descriptor = Document.ReadDescriptor(await images.ReadAsync(file, null, cancellationToken).ConfigureAwait(false), $"block {root}");
        images._root = descriptor.Digest;
        await images.FollowAsync(descriptor, cancellationToken).ConfigureAwait(false);
        return images;
    }

    /// <inheritdoc/>
    public override ValueTask<UnixFsEntry?> FindAsync(Digest digest, CancellationToken cancellationToken) => new(_files.GetValueOrDefault(digest));

    /// <inheritdoc/>
    public override ValueTask<Digest?> FindAsync(Tag tag, CancellationToken cancellationToken) => new(ReferrerTag.Is(tag.ToString()) ? null : _root);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<Tag>> ListTagsAsync(CancellationToken cancellationToken) => new([Tag.Latest]);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<Digest>> ListManifestsAsync(CancellationToken cancellationToken) => new(_manifests);

    private async ValueTask FollowAsync(Descriptor root, CancellationToken cancellationToken)
    {
        Stack<Descriptor> left = new([root]);
        while (left.TryPop(out Descriptor? next))
        {
            if (_files.ContainsKey(next.Digest) || CidOf(next) is not { } cid)
                continue;
            if (_files.Count == MaxDescriptors)
                throw DagFaults.Limit($"block {cid}", "the image has too many parts", nameof(MaxDescriptors), MaxDescriptors);
            bool isDocument = next.MediaType is { IsIndex: true } or { IsManifest: true };
            // Of a blob only the size is needed, which the descriptor states; its blocks are checked when they are read.
            UnixFsEntry file = isDocument
                ? await TryGetAsync(ContentPath.Of(cid), cancellationToken).ConfigureAwait(false) ?? throw DagFaults.Missing(cid)
                : new UnixFsEntry("", UnixFs.DagEntryKind.File, cid, next.Size, null);
            _files.Add(next.Digest, file);
            if (!isDocument)
                continue;
            _manifests.Add(next.Digest);
            ManifestSummary summary = ManifestSummary.Read(await ReadAsync(file, next.Digest, cancellationToken).ConfigureAwait(false), next.MediaType, $"block {cid}");
            foreach (Descriptor below in summary.Manifests.Concat(summary.NeededBlobs))
                left.Push(below);
        }
    }

    private static Cid? CidOf(Descriptor descriptor)
    {
        string? url = descriptor.Urls?.FirstOrDefault(url => url.StartsWith(Scheme, StringComparison.Ordinal));
        return ContentPath.TryParse(url, null, out ContentPath? path) && path.Segments.Count == 0 ? path.Root : null;
    }
}
