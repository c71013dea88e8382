using System.Collections.Concurrent;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Destinations;

/// <summary>Which repository of a registry has a blob, as far as this process has seen: others there need not be sent it. Safe for several threads.</summary>
internal sealed class RepositoryBlobs
{
    private readonly ConcurrentDictionary<Digest, string> _repositories = [];

    /// <summary>A repository that has the blob; null if none is known.</summary>
    public string? Find(Digest blob) => _repositories.GetValueOrDefault(blob);

    /// <summary>The repository has the blob.</summary>
    public void Add(Digest blob, string repository) => _repositories.TryAdd(blob, repository);
}
