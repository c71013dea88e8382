using Ipdr.Oci.Archives;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>Brings in the content of an archive's members: from a pipe all of it as it passes; where members can be read at any time only what is needed, side by side.</summary>
/// <param name="ingestor">Does the work on one content.</param>
/// <param name="reader">Reads members at any time, as those of a plain tar file; null where they only pass.</param>
internal sealed class MemberIngestion(ContentIngestor ingestor, IMemberReader? reader) : IMemberSink
{
    // More layers at a time only cost memory: each of them keeps several cores busy.
    private const int MaxLayersSideBySide = 4;

    // One more than there are cores, so that none is idle while a layer ends.
    private static readonly int LayersSideBySide = Math.Min(Environment.ProcessorCount + 1, MaxLayersSideBySide);

    private readonly Dictionary<ArchiveMember, IngestedContent> _contents = [];

    public IngestedContent this[ArchiveMember member] => _contents[member];

    public async ValueTask AcceptAsync(ArchiveMember member, ArchiveMember first, PeekedStream body, CancellationToken cancellationToken)
    {
        // The stored form of a sparse member is not its content, so it cannot be read in place.
        if (reader is not null && member.IsContiguous && first.IsContiguous)
            return;
        if (ReferenceEquals(member, first))
            _contents[member] = await ingestor.IngestAsync(member, body, ContentUse.Unknown, null, cancellationToken).ConfigureAwait(false);
        else if (_contents.TryGetValue(first, out IngestedContent? known))
            known.RepeatsDiffer |= await HashAsync(body, cancellationToken).ConfigureAwait(false) != known.StoredDigests[DigestAlgorithm.Sha256];
    }

    /// <summary>Makes sure that every member is there in the forms that it is needed in.</summary>
    /// <param name="needed">The forms.</param>
    /// <param name="promises">What is promised of members that are layers.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task BringInAsync(IReadOnlyDictionary<ArchiveMember, ContentUse> needed, IReadOnlyDictionary<ArchiveMember, LayerPromise> promises, CancellationToken cancellationToken)
    {
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = LayersSideBySide, CancellationToken = cancellationToken };
        // The largest first, or it would be the one that all others have to wait for.
        await Parallel.ForEachAsync(needed.OrderByDescending(pair => pair.Key.Size).ThenBy(pair => pair.Key.BodyOffset), parallel, async (pair, token) =>
        {
            IngestedContent content = await BringInAsync(pair.Key, pair.Value, promises.GetValueOrDefault(pair.Key), token).ConfigureAwait(false);
            if (content.BrokenPromise is null)
                await ingestor.CompleteAsync(content, pair.Value, token).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async Task<IngestedContent> BringInAsync(ArchiveMember member, ContentUse use, LayerPromise? promise, CancellationToken cancellationToken)
    {
        IngestedContent? content;
        lock (_contents)
        {
            if (_contents.TryGetValue(member, out content))
                return content;
        }
        content = member.Document is not null
            ? await ingestor.IngestDocumentAsync(member, cancellationToken).ConfigureAwait(false)
            : use == ContentUse.Blob && member.Verified is { } verified
            ? ContentIngestor.Leave(member, verified, CompressionFormat.None)
            : await ReadInPlaceAsync(member, use, promise, cancellationToken).ConfigureAwait(false);
        lock (_contents)
            _contents[member] = content;
        return content;
    }

    private async Task<IngestedContent> ReadInPlaceAsync(ArchiveMember member, ContentUse use, LayerPromise? promise, CancellationToken cancellationToken)
    {
        Stream body = await reader!.OpenAsync(member, cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            IngestedContent content = await ingestor.IngestAsync(member, new PeekedStream(body), use, promise, cancellationToken).ConfigureAwait(false);
            foreach (ArchiveMember repeat in member.Repeats.Where(repeat => repeat.IsFile && repeat.Document is null))
            {
                Stream again = await reader.OpenAsync(repeat, cancellationToken).ConfigureAwait(false);
                await using (again.ConfigureAwait(false))
                    content.RepeatsDiffer |= await HashAsync(again, cancellationToken).ConfigureAwait(false) != content.StoredDigests[DigestAlgorithm.Sha256];
            }
            return content;
        }
    }

    private static async Task<Digest> HashAsync(Stream content, CancellationToken cancellationToken)
    {
        using DigestSet digests = new([DigestAlgorithm.Sha256]);
        await BlockPump.RunAsync(content, [(block, _) => { digests.Append(block.Span); return ValueTask.CompletedTask; }], cancellationToken).ConfigureAwait(false);
        return digests.Finish()[DigestAlgorithm.Sha256];
    }
}
