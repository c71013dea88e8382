using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Registries.Dags;

/// <summary>A DAG as a registry that can only be read: universal and OCI layouts, repositories as IPDR writes them, images as nerdctl pushes them.</summary>
/// <remarks>
/// Only what is asked for is read, and every block of it is checked against its CID; manifests also against their digests. A root is one
/// repository, which answers to any name, unless it has repositories below it: then those answer to theirs. Safe for several threads, as
/// far as the source is. The source stays the caller's.
/// </remarks>
public sealed class DagRegistry : IRegistryContent
{
    // host/a/b/c/manifests: repositories are rarely deeper, and rarely many.
    private const int MaxRepositoryDepth = 8;
    private const int MaxRepositories = 1000;

    // What is looked at to find them: anybody may ask for the CID of an encyclopedia.
    private const int MaxLooks = 10_000;

    private readonly IBlockSource _blocks;
    private readonly SortedDictionary<string, DagImages> _repositories = new(StringComparer.Ordinal);

    // Where nothing was found, and how far below them it was looked for: a few can link to each other a million times.
    private readonly Dictionary<Cid, int> _barren = [];

    private int _looks;

    private DagRegistry(Cid root, IBlockSource blocks) => (Root, _blocks) = (root, blocks);

    /// <summary>The root.</summary>
    public Cid Root { get; }

    /// <summary>What the root is called as a repository: its CID in base32, or the legacy name of a CID of version 0.</summary>
    /// <remarks>The names of repositories are lower case, and base58 is not.</remarks>
    public static string NameOf(Cid root) => root.Version == 0 && LegacyImageName.TryCreate(root, out string? name) ? name : root.ToVersion1().ToString();

    /// <summary>Looks at a root.</summary>
    /// <param name="root">The root.</param>
    /// <param name="blocks">Where its blocks are.</param>
    /// <param name="cancellationToken">Gives up the waiting.</param>
    /// <exception cref="IpdrException">It is no image (<see cref="FaultCode.NoImages"/>), or a block is missing, wrong or malformed.</exception>
    public static async Task<DagRegistry> OpenAsync(Cid root, IBlockSource blocks, CancellationToken cancellationToken = default)
    {
        DagRegistry registry = new(root, blocks);
        DagReader reader = new(blocks);
        UnixFsEntry entry = await reader.GetAsync(ContentPath.Of(root), cancellationToken).ConfigureAwait(false);
        if (entry.Kind == DagEntryKind.File)
            registry._repositories.Add("", await DagDescriptors.OpenAsync(reader, root, cancellationToken).ConfigureAwait(false));
        else if (entry.Kind == DagEntryKind.Directory)
            await registry.FindRepositoriesAsync(reader, ContentPath.Of(root), "", 0, cancellationToken).ConfigureAwait(false);
        return registry._repositories.Count > 0
            ? registry
            : throw new IpdrException(new Fault(FaultCode.NoImages, "the DAG holds no image", $"block {root}", "It should be a layout as ipdr convert writes it, or an image that nerdctl has pushed."));
    }

    /// <inheritdoc/>
    public async ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken) =>
        Find(repository) is { } images && await images.FindAsync(tag, cancellationToken).ConfigureAwait(false) is { } digest
            ? await FindManifestAsync(images, digest, cancellationToken).ConfigureAwait(false)
            : null;

    /// <inheritdoc/>
    public async ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        Find(repository) is { } images ? await FindManifestAsync(images, digest, cancellationToken).ConfigureAwait(false) : null;

    /// <inheritdoc/>
    public async ValueTask<RegistryBlob?> FindBlobAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        Find(repository) is { } images && await images.FindAsync(digest, cancellationToken).ConfigureAwait(false) is { Kind: DagEntryKind.File } file
            ? new DagBlob(digest, file.Size, file.Cid, _blocks)
            : null;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Tag>?> ListTagsAsync(RepositoryName repository, string after, int limit, CancellationToken cancellationToken) =>
        Find(repository) is { } images
            ? [.. (await images.ListTagsAsync(cancellationToken).ConfigureAwait(false)).SkipWhile(tag => string.CompareOrdinal(tag.ToString(), after) <= 0).Take(limit)]
            : null;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RepositoryName>> ListRepositoriesAsync(string after, int limit, CancellationToken cancellationToken) => new(
        [.. _repositories.Keys.Select(name => name.Length == 0 ? NameOf(Root) : name).Where(name => string.CompareOrdinal(name, after) > 0).Take(limit)
            .Select(name => RepositoryName.Parse(name))]);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Descriptor>> ListReferrersAsync(
        RepositoryName repository, Digest subject, string? artifactType, string after, int limit, CancellationToken cancellationToken)
    {
        if (Find(repository) is not { } images)
            return [];
        List<Descriptor> found = [];
        foreach (Digest digest in (await images.ListManifestsAsync(cancellationToken).ConfigureAwait(false)).OrderBy(digest => digest.ToString(), StringComparer.Ordinal))
        {
            if (string.CompareOrdinal(digest.ToString(), after) <= 0 || await FindManifestAsync(images, digest, cancellationToken).ConfigureAwait(false) is not { } manifest)
                continue;
            ManifestSummary summary = ManifestSummary.Read(manifest.Content, null, digest.ToString());
            if (summary.Subject?.Digest == subject && (artifactType is null || summary.ArtifactType == artifactType))
                found.Add(summary.ToReferrer(digest, manifest.Content.Length));
            if (found.Count == limit)
                break;
        }
        return found;
    }

    /// <summary>The CID under which a repository is one by itself: that of the root, or of its directory below it.</summary>
    /// <exception cref="IpdrException">A directory on the way cannot be read.</exception>
    internal async ValueTask<Cid> FindRootAsync(RepositoryName repository, CancellationToken cancellationToken)
    {
        string path = repository.ToString();
        if (!_repositories.ContainsKey(path))
            return Root;
        return (await new DagReader(_blocks).GetAsync(path.Split('/').Aggregate(ContentPath.Of(Root), (above, part) => above.Below(part)), cancellationToken).ConfigureAwait(false)).Cid;
    }

    /// <summary>What its images are called: by the index, where there is one, else by where they are.</summary>
    /// <exception cref="IpdrException">A document cannot be read.</exception>
    internal async ValueTask<IReadOnlyList<(RepositoryName Repository, Tag? Tag, Digest Manifest)>> ReadNamesAsync(CancellationToken cancellationToken)
    {
        List<(RepositoryName, Tag?, Digest)> names = [];
        foreach ((string path, DagImages images) in _repositories)
        {
            RepositoryName repository = RepositoryName.Parse(path.Length == 0 ? NameOf(Root) : path);
            IReadOnlyList<Descriptor> entries = await images.ReadIndexAsync(cancellationToken).ConfigureAwait(false);
            foreach (Descriptor entry in entries)
            {
                (RepositoryName? named, Tag? tag) = IndexEntryName.Of(entry);
                names.Add((named ?? repository, tag, entry.Digest));
            }
            foreach (Tag tag in entries.Count > 0 ? [] : await images.ListTagsAsync(cancellationToken).ConfigureAwait(false))
            {
                if (await images.FindAsync(tag, cancellationToken).ConfigureAwait(false) is { } digest)
                    names.Add((repository, tag, digest));
            }
        }
        return names;
    }

    private static async ValueTask<RegistryManifest?> FindManifestAsync(DagImages images, Digest digest, CancellationToken cancellationToken)
    {
        if (await images.FindAsync(digest, cancellationToken).ConfigureAwait(false) is not { Kind: DagEntryKind.File, Size: <= Document.MaxBytes } file)
            return null;
        ReadOnlyMemory<byte> content = await images.ReadAsync(file, digest, cancellationToken).ConfigureAwait(false);
        return new RegistryManifest(digest, ManifestSummary.Read(content, null, $"block {file.Cid}").MediaType, content);
    }

    private DagImages? Find(RepositoryName name) =>
        _repositories.GetValueOrDefault(name.ToString()) ?? (_repositories.Count == 1 ? _repositories.Values.First() : null);

    private async Task FindRepositoriesAsync(DagReader reader, ContentPath folder, string name, int depth, CancellationToken cancellationToken)
    {
        List<NamedLink> entries = [];
        await foreach (NamedLink entry in reader.ListAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            if (entries.Count == MaxRepositories)
                return;
            entries.Add(entry);
        }
        if (entries.Any(entry => entry.Name is "manifests" or Layouts.OciLayout.IndexFile) && entries.Any(entry => entry.Name == "blobs"))
        {
            _repositories.Add(name, new DagFolder(reader, folder));
            return;
        }
        foreach (NamedLink entry in entries.Where(_ => depth < MaxRepositoryDepth && _repositories.Count < MaxRepositories && _looks < MaxLooks))
        {
            string child = name.Length == 0 ? entry.Name : $"{name}/{entry.Name}";
            int left = MaxRepositoryDepth - depth - 1;
            if (_barren.GetValueOrDefault(entry.Cid, -1) >= left || !RepositoryName.TryParse(child, null, out _))
                continue;
            _looks++;
            int before = _repositories.Count;
            if (await reader.GetAsync(ContentPath.Of(entry.Cid), cancellationToken).ConfigureAwait(false) is { Kind: DagEntryKind.Directory })
                await FindRepositoriesAsync(reader, folder.Below(entry.Name), child, depth + 1, cancellationToken).ConfigureAwait(false);
            if (_repositories.Count == before)
                _barren[entry.Cid] = left;
        }
    }
}
