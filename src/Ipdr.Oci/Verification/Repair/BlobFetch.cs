using Ipdr.Oci.Archives;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Folders;
using Ipdr.Oci.Staging;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Verification.Repair;

/// <summary>Takes wanted contents out of another place. Each is hashed while it is copied, and what is not wanted is dropped.</summary>
/// <remarks>A name is a hint only: what has a wanted digest in its name or a wanted size is tried.</remarks>
internal sealed class BlobFetch : IMemberSink, IDisposable
{
    private readonly StagingFolder _staging;
    private readonly ArchiveLimits _limits;
    private readonly Dictionary<Digest, WantedContent> _wanted;
    private readonly Dictionary<Digest, StagedFile> _found = [];

    public BlobFetch(IEnumerable<WantedContent> wanted, StagingFolder staging, ArchiveLimits limits)
    {
        _wanted = wanted.DistinctBy(content => content.Digest).ToDictionary(content => content.Digest);
        (_staging, _limits) = (staging, limits);
    }

    /// <summary>What was found, verified and safe on the disk.</summary>
    public IReadOnlyDictionary<Digest, StagedFile> Found => _found;

    /// <summary>Looks through a folder or an archive.</summary>
    /// <exception cref="IpdrException">It cannot be read, or what is found cannot be written.</exception>
    public async Task SearchAsync(string place, CancellationToken cancellationToken)
    {
        if (Directory.Exists(place))
            await SearchFolderAsync(place, cancellationToken).ConfigureAwait(false);
        else
            await SearchArchiveAsync(place, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach (StagedFile file in _found.Values)
            file.Dispose();
    }

    async ValueTask IMemberSink.AcceptAsync(ArchiveMember member, ArchiveMember first, PeekedStream body, CancellationToken cancellationToken)
    {
        if (MayBe(member.Path.ToString(), member.Size))
            await TakeAsync(body, cancellationToken).ConfigureAwait(false);
    }

    private async Task SearchFolderAsync(string place, CancellationToken cancellationToken)
    {
        FolderTree folder = new(place);
        foreach (FolderEntry entry in folder.List(_limits.MaxMembers, cancellationToken).Where(entry => entry.Kind == FolderEntryKind.File && MayBe(entry.Path, entry.Size)))
        {
            try
            {
                using SafeFileHandle handle = folder.Open(entry.Path);
                FileSectionStream content = new(handle, 0, RandomAccess.GetLength(handle));
                await using (content.ConfigureAwait(false))
                    await TakeAsync(content, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                // The place may be damaged itself; another may have the content.
            }
        }
    }

    private async Task SearchArchiveAsync(string place, CancellationToken cancellationToken)
    {
        ArchiveInput input = ArchiveInput.OfFile(place);
        await using (input.ConfigureAwait(false))
        {
            using ArchiveWalk walk = new(input, _limits);
            await walk.OpenAsync(cancellationToken).ConfigureAwait(false);
            ArchiveContents contents = await walk.ScanAsync(this, cancellationToken).ConfigureAwait(false);
            foreach (ReadOnlyMemory<byte> document in contents.Members.Select(member => member.Document).OfType<ReadOnlyMemory<byte>>())
            {
                DocumentStream content = new(document);
                await using (content.ConfigureAwait(false))
                    await TakeAsync(content, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private bool MayBe(string path, long size) =>
        _wanted.Values.Any(wanted => !_found.ContainsKey(wanted.Digest) && (wanted.Size == size || path.Contains(wanted.Digest.Encoded, StringComparison.Ordinal)));

    private async Task TakeAsync(Stream content, CancellationToken cancellationToken)
    {
        StagedFile file = _staging.NewFile();
        using DigestSet digests = new(_wanted.Keys.Select(digest => digest.Algorithm));
        bool isWanted = false;
        try
        {
            await BlockPump.RunAsync(content, [file.WriteAsync, (block, _) => { digests.Append(block.Span); return ValueTask.CompletedTask; }], cancellationToken).ConfigureAwait(false);
            foreach (Digest digest in digests.Finish().Values.Where(digest => _wanted.ContainsKey(digest) && !isWanted))
                isWanted = _found.TryAdd(digest, file);
        }
        finally
        {
            if (!isWanted)
                await file.DeleteAsync().ConfigureAwait(false);
        }
        if (isWanted)
            file.BeginComplete();
    }
}
