using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Sources;

/// <summary>Who refers to whom in an OCI image layout, by the entries of its index.</summary>
internal sealed class IndexReferrers
{
    private readonly Dictionary<Digest, List<Descriptor>> _bySubject = [];
    private readonly Dictionary<Tag, List<FoundReferrer>> _tagged = [];
    private readonly Dictionary<string, IReadOnlyList<Descriptor>> _lists = new(StringComparer.Ordinal);

    private IndexReferrers()
    {
    }

    /// <summary>Reads the manifests of all entries; those that are absent refer to nothing.</summary>
    /// <param name="index">The layout's index.</param>
    /// <param name="read">Reads a manifest and checks it.</param>
    /// <param name="place">The layout, for messages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">A manifest is damaged.</exception>
    public static async ValueTask<IndexReferrers> ReadAsync(
        ImageIndex index, Func<Descriptor, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> read, string place, CancellationToken cancellationToken)
    {
        IndexReferrers referrers = new();
        foreach (Descriptor entry in index.Manifests.Where(entry => entry.MediaType.IsManifest || entry.MediaType.IsIndex))
        {
            try
            {
                ReadOnlyMemory<byte> content = await read(entry, cancellationToken).ConfigureAwait(false);
                referrers.Add(entry, ManifestSummary.Read(content, entry.MediaType, $"{place}{Fault.PlaceSeparator}{entry.Digest}"));
            }
            catch (IpdrException e) when (e.Fault.Code == FaultCode.MissingBlob)
            {
                // Whoever wants this one is told; here it is only asked what it says.
            }
        }
        return referrers;
    }

    /// <summary>What refers to a manifest, each once; of what is tagged the same in several repositories, all.</summary>
    public IReadOnlyList<FoundReferrer> Of(Digest subject) =>
    [
        .. _bySubject.GetValueOrDefault(subject, []).Concat(_lists.GetValueOrDefault(ReferrerTag.ListOf(subject).ToString(), []))
            .DistinctBy(found => found.Digest).Select(found => new FoundReferrer(found, null)),
        .. ReferrerTag.CosignOf(subject).SelectMany(tag => _tagged.GetValueOrDefault(tag, [])),
    ];

    private void Add(Descriptor entry, ManifestSummary summary)
    {
        if (summary.Subject is { } subject)
            Subjects(subject.Digest).Add(entry);
        if (IndexEntryName.Of(entry).Tag is not { } tag)
            return;
        if (ReferrerTag.Is(tag.ToString()))
            Tagged(tag).Add(new FoundReferrer(entry, tag) { Repository = SourceImage.OfEntry(entry).Name?.Name });
        if (summary.MediaType.IsIndex)
            _lists.TryAdd(tag.ToString(), summary.Manifests);
    }

    private List<FoundReferrer> Tagged(Tag tag) => _tagged.TryGetValue(tag, out List<FoundReferrer>? found) ? found : _tagged[tag] = [];

    private List<Descriptor> Subjects(Digest subject) => _bySubject.TryGetValue(subject, out List<Descriptor>? found) ? found : _bySubject[subject] = [];
}
