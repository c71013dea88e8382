using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Registries.Serving;

/// <summary>Several registries as one that can only be read: the first that has something gives it.</summary>
/// <param name="parts">The registries; they stay the caller's.</param>
public sealed class JoinedRegistry(IReadOnlyList<IRegistryContent> parts) : IRegistryContent
{
    /// <inheritdoc/>
    public ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken) =>
        FirstAsync(part => part.FindManifestAsync(repository, tag, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        FirstAsync(part => part.FindManifestAsync(repository, digest, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<RegistryBlob?> FindBlobAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        FirstAsync(part => part.FindBlobAsync(repository, digest, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Tag>?> ListTagsAsync(RepositoryName repository, string after, int limit, CancellationToken cancellationToken)
    {
        SortedSet<string>? all = null;
        foreach (IRegistryContent part in parts)
        {
            if (await part.ListTagsAsync(repository, after, limit, cancellationToken).ConfigureAwait(false) is { } tags)
                (all ??= new SortedSet<string>(StringComparer.Ordinal)).UnionWith(tags.Select(tag => tag.ToString()));
        }
        return all is null ? null : [.. all.Take(limit).Select(tag => Tag.Parse(tag))];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RepositoryName>> ListRepositoriesAsync(string after, int limit, CancellationToken cancellationToken)
    {
        SortedSet<string> all = new(StringComparer.Ordinal);
        foreach (IRegistryContent part in parts)
            all.UnionWith((await part.ListRepositoriesAsync(after, limit, cancellationToken).ConfigureAwait(false)).Select(name => name.ToString()));
        return [.. all.Take(limit).Select(name => RepositoryName.Parse(name))];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Descriptor>> ListReferrersAsync(
        RepositoryName repository, Digest subject, string? artifactType, string after, int limit, CancellationToken cancellationToken)
    {
        SortedDictionary<string, Descriptor> all = new(StringComparer.Ordinal);
        foreach (IRegistryContent part in parts)
        {
            foreach (Descriptor found in await part.ListReferrersAsync(repository, subject, artifactType, after, limit, cancellationToken).ConfigureAwait(false))
                all.TryAdd(found.Digest.ToString(), found);
        }
        return [.. all.Values.Take(limit)];
    }

    private async ValueTask<T?> FirstAsync<T>(Func<IRegistryContent, ValueTask<T?>> find)
        where T : class
    {
        foreach (IRegistryContent part in parts)
        {
            if (await find(part).ConfigureAwait(false) is { } found)
                return found;
        }
        return null;
    }
}
