using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Dags;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Resolution;

/// <summary>A registry in which the name of a repository may also be a CID, a legacy name of one, or a name that resolvers turn into one.</summary>
/// <param name="names">What has names of its own; asked first.</param>
/// <param name="blocks">Where the blocks of DAGs are.</param>
/// <param name="findFile">Finds a blob that is at hand as a file, which then needs not be put together from blocks; may be null.</param>
/// <param name="resolver">Turns names into CIDs; null if none does.</param>
public sealed class CidRegistry(IRegistryContent names, IBlockSource blocks, Func<Digest, FileBlob?>? findFile = null, ICidResolver? resolver = null) : IRegistryContent
{
    // What is kept of a DAG is its shape: a few hundred bytes.
    private const int MaxKept = 1024;

    // Who asks by digest has asked by tag before, of this server or of another one: then the repository's tags are gone through.
    private const int MaxTagsTried = 100;

    // Roots of a repository that are remembered after they were asked for by tag.
    private const int MaxRecent = 16;

    private readonly ConcurrentDictionary<Cid, DagRegistry> _dags = new();
    private readonly ConcurrentDictionary<RepositoryName, Cid[]> _recent = new();

    /// <summary>The CID that a repository's name is, or null.</summary>
    public static Cid? CidOf(RepositoryName repository)
    {
        string text = repository.ToString();
        return Cid.TryParse(text, null, out Cid cid) || LegacyImageName.Read(text, out cid) == CidFault.None ? cid : null;
    }

    /// <inheritdoc/>
    public async ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken)
    {
        if (await names.FindManifestAsync(repository, tag, cancellationToken).ConfigureAwait(false) is { } named)
            return named;
        if (await ResolveAsync(repository, tag, cancellationToken).ConfigureAwait(false) is not { } cid || await OpenAsync(cid, cancellationToken).ConfigureAwait(false) is not { } dag)
            return null;
        if (CidOf(repository) is null)
            Remember(repository, cid);
        return await dag.FindManifestAsync(repository, tag, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        await names.FindManifestAsync(repository, digest, cancellationToken).ConfigureAwait(false)
        ?? await FirstAsync(repository, dag => dag.FindManifestAsync(repository, digest, cancellationToken), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<RegistryBlob?> FindBlobAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken)
    {
        if (await names.FindBlobAsync(repository, digest, cancellationToken).ConfigureAwait(false) is { } named)
            return named;
        RegistryBlob? blob = await FirstAsync(repository, dag => dag.FindBlobAsync(repository, digest, cancellationToken), cancellationToken).ConfigureAwait(false);
        return blob is not null && findFile?.Invoke(digest) is { } file && file.Size == blob.Size ? file : blob;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Tag>?> ListTagsAsync(RepositoryName repository, string after, int limit, CancellationToken cancellationToken)
    {
        if (CidOf(repository) is { } cid)
            return await OpenAsync(cid, cancellationToken).ConfigureAwait(false) is { } dag ? await dag.ListTagsAsync(repository, after, limit, cancellationToken).ConfigureAwait(false) : null;
        IReadOnlyList<Tag>? own = await names.ListTagsAsync(repository, after, limit, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Tag> resolved = resolver is null ? [] : await resolver.ListTagsAsync(repository, cancellationToken).ConfigureAwait(false);
        if (resolved.Count == 0)
            return own;
        return [.. (own ?? []).Concat(resolved).Select(tag => tag.ToString()).Distinct().Where(tag => string.CompareOrdinal(tag, after) > 0)
            .Order(StringComparer.Ordinal).Take(limit).Select(tag => Tag.Parse(tag))];
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RepositoryName>> ListRepositoriesAsync(string after, int limit, CancellationToken cancellationToken) =>
        names.ListRepositoriesAsync(after, limit, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Descriptor>> ListReferrersAsync(
        RepositoryName repository, Digest subject, string? artifactType, string after, int limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<Descriptor> own = await names.ListReferrersAsync(repository, subject, artifactType, after, limit, cancellationToken).ConfigureAwait(false);
        return await FirstAsync(repository, FindAsync, cancellationToken).ConfigureAwait(false) is not { } others ? own
            : [.. own.Concat(others).DistinctBy(referrer => referrer.Digest).OrderBy(referrer => referrer.Digest.ToString(), StringComparer.Ordinal).Take(limit)];

        async ValueTask<IReadOnlyList<Descriptor>?> FindAsync(DagRegistry dag) =>
            await dag.ListReferrersAsync(repository, subject, artifactType, after, limit, cancellationToken).ConfigureAwait(false) is { Count: > 0 } found ? found : null;
    }

    /// <summary>The CID of a name: the one that it is, or what a resolver says.</summary>
    /// <exception cref="IpdrException">A resolver cannot be asked.</exception>
    public async ValueTask<Cid?> ResolveAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken) =>
        CidOf(repository) ?? (resolver is null ? null : await resolver.ResolveAsync(repository, tag, cancellationToken).ConfigureAwait(false));

    private async ValueTask<T?> FirstAsync<T>(RepositoryName repository, Func<DagRegistry, ValueTask<T?>> find, CancellationToken cancellationToken)
        where T : class
    {
        if (CidOf(repository) is { } own)
            return await OpenAsync(own, cancellationToken).ConfigureAwait(false) is { } dag ? await find(dag).ConfigureAwait(false) : null;
        if (resolver is null)
            return null;
        HashSet<Cid> tried = [];
        await foreach (Cid cid in RootsAsync(repository, cancellationToken).ConfigureAwait(false))
        {
            if (tried.Add(cid) && await OpenAsync(cid, cancellationToken).ConfigureAwait(false) is { } dag && await find(dag).ConfigureAwait(false) is { } found)
                return found;
        }
        return null;
    }

    // Pushes ask for blobs that are not there yet: a repository that has a name of its own is not searched through all its tags for each.
    private async IAsyncEnumerable<Cid> RootsAsync(RepositoryName repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (Cid cid in _recent.GetValueOrDefault(repository) ?? [])
            yield return cid;
        if (await names.ListTagsAsync(repository, "", 1, cancellationToken).ConfigureAwait(false) is not null)
            yield break;
        foreach (Tag tag in (await resolver!.ListTagsAsync(repository, cancellationToken).ConfigureAwait(false)).Take(MaxTagsTried))
        {
            if (await TryResolveAsync(repository, tag, cancellationToken).ConfigureAwait(false) is { } cid)
                yield return cid;
        }
    }

    // Who asks for the tag is told why it leads nowhere; among others it is passed over.
    private async ValueTask<Cid?> TryResolveAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken)
    {
        try
        {
            return await resolver!.ResolveAsync(repository, tag, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException)
        {
            return null;
        }
    }

    private void Remember(RepositoryName repository, Cid root)
    {
        if (_recent.Count >= MaxKept)
            _recent.Clear();
        _recent.AddOrUpdate(repository, _ => [root], (_, known) => known.Contains(root) ? known : [root, .. known.Take(MaxRecent - 1)]);
    }

    // Null when the root is nowhere, or is no image: then there is no such repository.
    private async ValueTask<DagRegistry?> OpenAsync(Cid root, CancellationToken cancellationToken)
    {
        if (_dags.TryGetValue(root, out DagRegistry? known))
            return known;
        try
        {
            DagRegistry dag = await DagRegistry.OpenAsync(root, blocks, cancellationToken).ConfigureAwait(false);
            if (_dags.Count >= MaxKept)
                _dags.Clear();
            return _dags.GetOrAdd(root, dag);
        }
        catch (IpdrException e) when (e.Fault.Code is FaultCode.MissingBlock or FaultCode.NoImages or FaultCode.UnsupportedCodec or FaultCode.BadManifest)
        {
            return null;
        }
    }
}
