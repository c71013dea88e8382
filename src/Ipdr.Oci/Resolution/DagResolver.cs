using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Resolution;

/// <summary>A directory of names on IPFS: <c>REPOSITORY/TAG</c> is a file that holds a CID, or the image itself.</summary>
/// <param name="root">The directory.</param>
/// <param name="blocks">Where its blocks are.</param>
public sealed class DagResolver(ContentPath root, IBlockSource blocks) : ICidResolver
{
    // A directory of names from anywhere must not fill the memory.
    private const int MaxTags = 10_000;

    private readonly DagReader _reader = new(blocks);

    /// <inheritdoc/>
    public async ValueTask<Cid?> ResolveAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken = default)
    {
        ContentPath path = PathOf(repository).Below(tag.ToString());
        if (await TryGetAsync(path, cancellationToken).ConfigureAwait(false) is not { } entry)
            return null;
        if (entry.Kind == DagEntryKind.Directory)
            return entry.Cid;
        if (entry.Kind != DagEntryKind.File || entry.Size > CidText.MaxBytes)
            return CidText.Read(new byte[CidText.MaxBytes + 1], path.ToString());
        byte[] content = new byte[entry.Size];
        Stream file = await _reader.OpenFileAsync(ContentPath.Of(entry.Cid), cancellationToken).ConfigureAwait(false);
        await using (file.ConfigureAwait(false))
            await file.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
        return CidText.Read(content, path.ToString());
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Tag>> ListTagsAsync(RepositoryName repository, CancellationToken cancellationToken = default)
    {
        ContentPath folder = PathOf(repository);
        List<string> names = [];
        if (await TryGetAsync(folder, cancellationToken).ConfigureAwait(false) is not { Kind: DagEntryKind.Directory })
            return [];
        await foreach (NamedLink entry in _reader.ListAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            if (names.Count == MaxTags)
                throw DagFaults.Limit(folder.ToString(), "the directory of names has too many entries", nameof(MaxTags), MaxTags);
            if (Tag.TryParse(entry.Name, null, out _))
                names.Add(entry.Name);
        }
        return [.. names.Order(StringComparer.Ordinal).Select(name => Tag.Parse(name))];
    }

    private ContentPath PathOf(RepositoryName repository) => root.Below(repository.ToString().Split('/'));

    private async ValueTask<UnixFsEntry?> TryGetAsync(ContentPath path, CancellationToken cancellationToken)
    {
        try
        {
            return await _reader.GetAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e) when (e.Fault.Code is FaultCode.NoSuchEntry or FaultCode.NotADirectory)
        {
            return null;
        }
    }
}
