using System.Collections.Concurrent;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Distribution;

/// <summary>Which tags of a repository lead to a manifest.</summary>
/// <param name="client">The repository.</param>
internal sealed class TagUses(RegistryClient client)
{
    private const int Parallelism = 6;

    private readonly ConcurrentDictionary<Digest, Task<IReadOnlyList<Descriptor>>> _indexes = [];

    /// <summary>The tags that lead to it, those of indexes among them, in the order of the registry's list.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="except">A tag that does not count.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">The tags cannot be listed, or what one of them leads to cannot be read.</exception>
    public async Task<IReadOnlyList<string>> FindAsync(RegistryManifest manifest, string except, CancellationToken cancellationToken)
    {
        // The list that clients keep of what refers to its subject follows it.
        string? kept = ManifestSummary.Read(manifest.Content, manifest.MediaType, client.Image.Name).Subject is { } subject ? ReferrerTag.ListOf(subject.Digest).ToString() : null;
        List<string> tags = [];
        await foreach (Tag tag in client.ListTagsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (tag.ToString() is var text && text != except && text != kept)
                tags.Add(text);
        }
        bool[] leads = new bool[tags.Count];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, tags.Count, parallel, async (i, token) => leads[i] = await LeadsAsync(tags[i], manifest.Digest, token).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. tags.Where((_, i) => leads[i])];
    }

    // A tag that is gone by now leads nowhere.
    private async Task<bool> LeadsAsync(string tag, Digest wanted, CancellationToken cancellationToken)
    {
        if (await client.TryGetManifestAsync(tag, cancellationToken).ConfigureAwait(false) is not { } found)
            return false;
        if (found.Digest == wanted)
            return true;
        if (!found.MediaType.IsIndex)
            return false;
        Queue<Descriptor> ahead = new(EntriesOf(found));
        HashSet<Digest> seen = [];
        while (ahead.TryDequeue(out Descriptor? entry))
        {
            if (entry.Digest == wanted)
                return true;
            if (!entry.MediaType.IsIndex || !seen.Add(entry.Digest))
                continue;
            foreach (Descriptor next in await _indexes.GetOrAdd(entry.Digest, digest => FetchAsync(digest, cancellationToken)).ConfigureAwait(false))
                ahead.Enqueue(next);
        }
        return false;
    }

    private async Task<IReadOnlyList<Descriptor>> FetchAsync(Digest digest, CancellationToken cancellationToken) =>
        await client.TryGetManifestAsync(digest.ToString(), cancellationToken).ConfigureAwait(false) is { MediaType.IsIndex: true } index ? EntriesOf(index) : [];

    private IReadOnlyList<Descriptor> EntriesOf(RegistryManifest index) => Document.ReadIndex(index.Content, $"{client.Image.Name}@{index.Digest}").Manifests;
}
