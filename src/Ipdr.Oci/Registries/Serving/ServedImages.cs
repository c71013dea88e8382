using System.Collections.Concurrent;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries.Dags;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Registries.Serving;

/// <summary>What a served place has by name, and the CID that the place has, where it has one.</summary>
/// <param name="content">The names.</param>
/// <param name="root">The place's CID, once it is known; null if it has none.</param>
internal sealed class ServedImages(IRegistryContent content, Task<Cid?> root)
{
    // The place never changes, so neither do the directories of its repositories.
    private readonly ConcurrentDictionary<RepositoryName, Cid> _repositories = new();

    /// <summary>Has the place the name?</summary>
    public async ValueTask<bool> HasAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken) =>
        await content.FindManifestAsync(repository, tag, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>The CID under which the repository is one by itself.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="blocks">Where the blocks of the place are.</param>
    /// <param name="wait">Wait until the place's CID is known; else there is none before.</param>
    /// <param name="cancellationToken">Gives up the waiting.</param>
    /// <exception cref="Faults.IpdrException">The place cannot be read.</exception>
    public async ValueTask<Cid?> FindCidAsync(RepositoryName repository, IBlockSource blocks, bool wait, CancellationToken cancellationToken)
    {
        if (!wait && !root.IsCompleted)
            return null;
        if (_repositories.TryGetValue(repository, out Cid known))
            return known;
        if (await root.WaitAsync(cancellationToken).ConfigureAwait(false) is not { } cid)
            return null;
        DagRegistry dag = await DagRegistry.OpenAsync(cid, blocks, cancellationToken).ConfigureAwait(false);
        return _repositories.GetOrAdd(repository, await dag.FindRootAsync(repository, cancellationToken).ConfigureAwait(false));
    }
}
