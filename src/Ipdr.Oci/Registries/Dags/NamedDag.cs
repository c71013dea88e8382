using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Registries.Dags;

/// <summary>A DAG under the names that its own index gives its images; under its CID where there are none.</summary>
internal sealed class NamedDag : IRegistryContent
{
    private readonly DagRegistry _dag;
    private readonly SortedDictionary<string, SortedDictionary<string, Digest>> _names = new(StringComparer.Ordinal);

    private NamedDag(DagRegistry dag) => _dag = dag;

    /// <summary>Reads the names.</summary>
    /// <exception cref="Faults.IpdrException">The index cannot be read.</exception>
    public static async Task<NamedDag> OpenAsync(DagRegistry dag, CancellationToken cancellationToken)
    {
        NamedDag named = new(dag);
        foreach ((RepositoryName repository, Tag? tag, Digest digest) in await dag.ReadNamesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!named._names.TryGetValue(repository.ToString(), out SortedDictionary<string, Digest>? tags))
                named._names.Add(repository.ToString(), tags = new SortedDictionary<string, Digest>(StringComparer.Ordinal));
            if (tag is { } given)
                tags.TryAdd(given.ToString(), digest);
        }
        return named;
    }

    /// <inheritdoc/>
    public ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken) =>
        _names.GetValueOrDefault(repository.ToString()) is { } tags && tags.TryGetValue(tag.ToString(), out Digest digest)
            ? _dag.FindManifestAsync(repository, digest, cancellationToken)
            : default;

    /// <inheritdoc/>
    public ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        Has(repository) ? _dag.FindManifestAsync(repository, digest, cancellationToken) : default;

    /// <inheritdoc/>
    public ValueTask<RegistryBlob?> FindBlobAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        Has(repository) ? _dag.FindBlobAsync(repository, digest, cancellationToken) : default;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Tag>?> ListTagsAsync(RepositoryName repository, string after, int limit, CancellationToken cancellationToken) => new(
        _names.TryGetValue(repository.ToString(), out SortedDictionary<string, Digest>? tags)
            ? [.. tags.Keys.SkipWhile(tag => string.CompareOrdinal(tag, after) <= 0).Take(limit).Select(tag => Tag.Parse(tag))]
            : null);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RepositoryName>> ListRepositoriesAsync(string after, int limit, CancellationToken cancellationToken) => new(
        [.. _names.Keys.SkipWhile(name => string.CompareOrdinal(name, after) <= 0).Take(limit).Select(name => RepositoryName.Parse(name))]);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Descriptor>> ListReferrersAsync(
        RepositoryName repository, Digest subject, string? artifactType, string after, int limit, CancellationToken cancellationToken) =>
        Has(repository) ? _dag.ListReferrersAsync(repository, subject, artifactType, after, limit, cancellationToken) : new([]);

    private bool Has(RepositoryName repository) => _names.ContainsKey(repository.ToString());
}
