using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;

namespace Ipdr.Oci.Registries.Files;

/// <summary>OCI, registry-v2 and universal layouts as a registry that can only be read: nothing is copied, nothing is written.</summary>
/// <remarks>
/// Manifests are read, and checked against their digests, when the registry is opened; blobs are there if they have the size that a
/// manifest promises, and are sent as they are: who pulls them checks them. What is added to a layout later is not seen.
/// </remarks>
public sealed class LayoutRegistry : IRegistryContent
{
    // host/a/b/c/manifests: repositories are rarely deeper.
    private const int MaxRepositoryDepth = 8;

    private readonly SortedDictionary<string, ServedRepository> _repositories = new(StringComparer.Ordinal);

    private LayoutRegistry()
    {
    }

    /// <summary>Opens layouts. Where two give the same repository it has what both have; a tag that both give is the first one's.</summary>
    /// <exception cref="IpdrException">A place is no layout, or a document in it is damaged.</exception>
    public static LayoutRegistry Open(IEnumerable<string> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        LayoutRegistry registry = new();
        foreach (string place in places)
            registry.Add(Path.TrimEndingDirectorySeparator(Path.GetFullPath(place)));
        return registry;
    }

    /// <summary>Opens an OCI layout of which only the index, and where its contents are, is known.</summary>
    /// <param name="place">What messages call it, and after what a repository without a name is called.</param>
    /// <param name="index">The index.</param>
    /// <param name="find">Where the content of a digest is; null if it is not there.</param>
    /// <exception cref="IpdrException">A document in it is damaged.</exception>
    internal static LayoutRegistry OfIndex(string place, ImageIndex index, Func<Digest, FilePart?> find)
    {
        LayoutRegistry registry = new();
        registry.AddIndex(place, index, new LayoutFiles(find));
        return registry;
    }

    /// <summary>Is there a layer that is stored as a plain tar, or a manifest without its blobs? Then converting pays.</summary>
    internal bool HasPlainLayers => _repositories.Values.Any(repository => repository.Manifests.Values.Any(manifest => manifest.Summary.Layers.Any(
        layer => layer.MediaType.LayerCompression == Compression.CompressionFormat.None || !repository.Blobs.ContainsKey(layer.Digest))));

    /// <inheritdoc/>
    public ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken) =>
        Find(repository) is { } found && found.Tags.TryGetValue(tag.ToString(), out Digest digest) ? FindManifestAsync(repository, digest, cancellationToken) : default;

    /// <inheritdoc/>
    public ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        new(Find(repository)?.Manifests.GetValueOrDefault(digest.ToString())?.Manifest);

    /// <inheritdoc/>
    public ValueTask<RegistryBlob?> FindBlobAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        new(Find(repository)?.Blobs.GetValueOrDefault(digest));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Tag>?> ListTagsAsync(RepositoryName repository, string after, int limit, CancellationToken cancellationToken) =>
        new(Find(repository) is { } found ? [.. Page(found.Tags.Keys, after, limit).Select(tag => Tag.Parse(tag))] : null);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RepositoryName>> ListRepositoriesAsync(string after, int limit, CancellationToken cancellationToken) =>
        new([.. Page(_repositories.Keys, after, limit).Select(name => RepositoryName.Parse(name))]);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Descriptor>> ListReferrersAsync(
        RepositoryName repository, Digest subject, string? artifactType, string after, int limit, CancellationToken cancellationToken) => new(
        [.. (Find(repository)?.Manifests ?? []).Where(pair => string.CompareOrdinal(pair.Key, after) > 0).Select(pair => pair.Value)
            .Where(manifest => manifest.Summary.Subject?.Digest == subject && (artifactType is null || manifest.Summary.ArtifactType == artifactType))
            .Select(manifest => manifest.Summary.ToReferrer(manifest.Manifest.Digest, manifest.Manifest.Content.Length)).Take(limit)]);

    private static IEnumerable<string> Page(IEnumerable<string> sorted, string after, int limit) =>
        sorted.SkipWhile(name => string.CompareOrdinal(name, after) <= 0).Take(limit);

    private ServedRepository? Find(RepositoryName name) => _repositories.GetValueOrDefault(name.ToString());

    private ServedRepository At(RepositoryName name)
    {
        if (!_repositories.TryGetValue(name.ToString(), out ServedRepository? repository))
            _repositories.Add(name.ToString(), repository = new ServedRepository());
        return repository;
    }

    private void Add(string place)
    {
        if (File.Exists(place))
            throw new IpdrException(new Fault(FaultCode.BadDestination, "it is a file, not a layout", place, $"Convert it first: ipdr convert {place} -o DIR"));
        if (SkopeoFolder.Is(place))
            throw new IpdrException(new Fault(FaultCode.BadDestination, "it is a folder of skopeo's dir:, not a layout", place, $"Copy it first: ipdr copy dir:{place} oci:DIR"));
        if (File.Exists(Path.Combine(place, OciLayout.MarkerFile)) && LayoutFiles.ReadDocument(Path.Combine(place, OciLayout.IndexFile)) is { } index)
            AddOciLayout(place, Document.ReadIndex(index, Path.Combine(place, OciLayout.IndexFile)));
        else if (!Directory.Exists(place) || !AddRepositories(place, place, 0))
            throw new IpdrException(new Fault(FaultCode.BadDestination, "it is neither an OCI layout nor a registry-v2 directory", place, "Make one with ipdr convert."));
    }

    private void AddOciLayout(string place, ImageIndex index) =>
        AddIndex(place, index, new LayoutFiles(digest => FilePart.OfFile(Path.Combine(place, OciLayout.PathOf(digest)))));

    private void AddIndex(string place, ImageIndex index, LayoutFiles files)
    {
        List<Descriptor> unnamed = [];
        foreach (Descriptor entry in index.Manifests)
        {
            (RepositoryName? name, Tag? tag) = IndexEntryName.Of(entry);
            if (name is null && tag is null)
            {
                unnamed.Add(entry);
                continue;
            }
            ServedRepository repository = At(name ?? NameOf(place));
            files.Add(repository, entry.Digest, entry.MediaType);
            if (tag is { } given && repository.Manifests.ContainsKey(entry.Digest.ToString()))
                repository.Tags.TryAdd(given.ToString(), entry.Digest);
        }
        HashSet<Digest> placed = AddReferrers(unnamed, files);
        foreach (Descriptor entry in unnamed.Where(entry => !placed.Contains(entry.Digest)))
            files.Add(At(NameOf(place)), entry.Digest, entry.MediaType);
    }

    // A signature has no name: it is where the manifest is of which it speaks, and so is what speaks of it.
    private HashSet<Digest> AddReferrers(List<Descriptor> unnamed, LayoutFiles files)
    {
        ILookup<string?, Descriptor> referrers = unnamed.ToLookup(entry => files.FindSubject(entry)?.ToString());
        HashSet<Digest> placed = [];
        foreach (ServedRepository repository in _repositories.Values)
        {
            Queue<string> left = new(repository.Manifests.Keys);
            while (left.TryDequeue(out string? subject))
            {
                foreach (Descriptor entry in referrers[subject])
                {
                    placed.Add(entry.Digest);
                    if (repository.Manifests.ContainsKey(entry.Digest.ToString()))
                        continue;
                    files.Add(repository, entry.Digest, entry.MediaType);
                    left.Enqueue(entry.Digest.ToString());
                }
            }
        }
        return placed;
    }

    private static RepositoryName NameOf(string place) => RepositoryName.TryParse(Path.GetFileName(place).ToLowerInvariant(), null, out RepositoryName name)
        ? name
        : RepositoryName.Parse(RegistryV2Layout.DefaultRepository);

    private bool AddRepositories(string root, string folder, int depth)
    {
        bool any = false;
        if (Directory.Exists(Path.Combine(folder, "manifests")) && Directory.Exists(Path.Combine(folder, "blobs")))
            any = AddRepository(root, folder);
        if (depth >= MaxRepositoryDepth)
            return any;
        foreach (string child in Directory.EnumerateDirectories(folder).Where(child => Path.GetFileName(child) is not ("manifests" or "blobs")).Order(StringComparer.Ordinal))
            any |= AddRepositories(root, child, depth + 1);
        return any;
    }

    private bool AddRepository(string root, string folder)
    {
        string relative = Path.GetRelativePath(root, folder).Replace(Path.DirectorySeparatorChar, '/');
        RepositoryName name = relative == "." ? NameOf(root) : RepositoryName.TryParse(relative, null, out RepositoryName parsed) ? parsed : default;
        if (name == default)
            return false;
        ServedRepository repository = At(name);
        // A manifest stands under its digest, a blob too; a tag is a second name of a manifest.
        LayoutFiles files = new(digest =>
            FilePart.OfFile(Path.Combine(folder, "manifests", digest.ToString())) ?? FilePart.OfFile(Path.Combine(folder, "blobs", digest.ToString())));
        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "manifests")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal))
        {
            if (Digest.TryParse(file, null, out Digest digest))
                files.Add(repository, digest, null);
            else if (Tag.TryParse(file, null, out Tag tag) && LayoutFiles.ReadDocument(Path.Combine(folder, "manifests", file)) is { } content)
                AddTag(repository, files, tag, content);
        }
        return true;
    }

    // image2ipfs writes tags only: then the manifest is known by its content alone.
    private static void AddTag(ServedRepository repository, LayoutFiles files, Tag tag, ReadOnlyMemory<byte> content)
    {
        Digest digest = Digest.OfContent(DigestAlgorithm.Sha256, content.Span);
        files.Add(repository, digest, null);
        if (!repository.Manifests.ContainsKey(digest.ToString()))
            files.AddDocument(repository, digest, content, tag.ToString());
        repository.Tags.TryAdd(tag.ToString(), digest);
    }
}
