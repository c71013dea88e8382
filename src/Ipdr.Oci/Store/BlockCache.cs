using System.Buffers;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Staging;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Store;

/// <summary>Blocks that came from elsewhere, kept beside the store so that they need not come again: a file each, the longest unused go first.</summary>
/// <remarks>
/// It is a cache and nothing more: it can be deleted at any time, by hand too. Files appear by one rename, and are not synced; each is held
/// against its name when it is read, and what does not hold is removed and fetched again. Safe for several threads and processes.
/// </remarks>
public sealed class BlockCache : IBlockSource
{
    /// <summary>What the cache of a store is called, in the store's folder.</summary>
    public const string FolderName = "blocks";

    // Looking at all files costs; it is done when so many bytes have come since it was done last, and this part of the room is freed then.
    private const int FreedPart = 10;

    private readonly string _folder;
    private readonly IBlockSource _source;
    private readonly long _capacity;
    private readonly TimeProvider _clock;
    private long _untrimmed;
    private int _trimming;

    /// <summary>Opens a cache.</summary>
    /// <param name="folder">Where it is; made when the first block comes.</param>
    /// <param name="source">Where blocks come from.</param>
    /// <param name="capacity">Bytes that it may take, about.</param>
    /// <param name="clock">Tells when a block was used; null for the system's.</param>
    public BlockCache(string folder, IBlockSource source, long capacity, TimeProvider? clock = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _folder = Path.GetFullPath(folder);
        _source = source;
        _capacity = capacity;
        _clock = clock ?? TimeProvider.System;
        _untrimmed = capacity / FreedPart;
    }

    /// <inheritdoc/>
    /// <exception cref="IpdrException">The block cannot be had, or does not have the hash that names it.</exception>
    public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
    {
        if (!cid.Hash.IsVerifiable)
            throw DagFaults.Unverifiable(cid);
        string path = PathOf(cid);
        if (await TryReadFileAsync(path, cid, cancellationToken).ConfigureAwait(false) is { } kept)
            return kept;
        IMemoryOwner<byte>? block = await _source.TryReadAsync(cid, cancellationToken).ConfigureAwait(false);
        if (block is null)
            return null;
        try
        {
            if (!cid.Hash.Matches(block.Memory.Span))
                throw DagFaults.Mismatch(cid, Multihash.OfContent(cid.Hash.Code, block.Memory.Span));
            await KeepAsync(path, block.Memory, cancellationToken).ConfigureAwait(false);
            return block;
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }

    /// <summary>Removes what nobody has read for long. Others may read and write meanwhile: who wants a block that goes fetches it again.</summary>
    /// <param name="folder">The cache.</param>
    /// <param name="since">What was read or written later stays.</param>
    /// <param name="dryRun">Only count.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <returns>How many files went, and their bytes.</returns>
    /// <exception cref="IpdrException">The folder cannot be read or written.</exception>
    internal static (int Count, long Bytes) Collect(string folder, DateTimeOffset since, bool dryRun, CancellationToken cancellationToken)
    {
        int count = 0;
        long bytes = 0;
        if (!Directory.Exists(folder))
            return default;
        DestinationIo.Guard(folder, () =>
        {
            // A file that is being written is as young as its last byte, and so is one that was moved into its place.
            foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!file.Exists || file.LastAccessTimeUtc > since || file.LastWriteTimeUtc > since)
                    continue;
                count++;
                bytes += file.Length;
                if (!dryRun)
                    file.Delete();
            }
        });
        return (count, bytes);
    }

    private string PathOf(Cid cid)
    {
        byte[] hash = new byte[cid.Hash.Length];
        cid.Hash.CopyTo(hash);
        string name = Convert.ToHexStringLower(hash);
        return Path.Combine(_folder, name[^2..], name);
    }

    private async ValueTask<IMemoryOwner<byte>?> TryReadFileAsync(string path, Cid cid, CancellationToken cancellationToken)
    {
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                if (file.Length <= UnixFs.UnixFsProfile.MaxBlockBytes)
                {
                    BlockBuffer block = new((int)file.Length);
                    if (await file.ReadAtLeastAsync(block.Memory, block.Memory.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) == block.Memory.Length
                        && cid.Hash.Matches(block.Memory.Span))
                    {
                        File.SetLastAccessTimeUtc(path, _clock.GetUtcNow().UtcDateTime);
                        return block;
                    }
                    block.Dispose();
                }
            }
            File.Delete(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there, or not readable: then it is as if it had never been kept.
            return null;
        }
    }

    private async ValueTask KeepAsync(string path, ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        string staged = $"{path}.{Guid.NewGuid():n}";
        try
        {
            if (Interlocked.Add(ref _untrimmed, block.Length) > _capacity / FreedPart)
                Trim();
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            FileStream file = new(staged, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
                await file.WriteAsync(block, cancellationToken).ConfigureAwait(false);
            File.Move(staged, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No room, or no right to write: the block is good all the same, and is fetched again next time.
            if (File.Exists(staged))
                DestinationIo.Guard(staged, () => File.Delete(staged));
        }
    }

    // One at a time in this process; another one may be at it as well, and then finds less to do.
    private void Trim()
    {
        if (Interlocked.Exchange(ref _trimming, 1) == 1)
            return;
        try
        {
            Interlocked.Exchange(ref _untrimmed, 0);
            if (!Directory.Exists(_folder))
                return;
            FileInfo[] files = [.. new DirectoryInfo(_folder).EnumerateFiles("*", SearchOption.AllDirectories)];
            // Asked whether it is there, a file that has gone meanwhile has no length to be asked for.
            long over = files.Where(file => file.Exists).Sum(file => file.Length) - (_capacity - _capacity / FreedPart);
            foreach (FileInfo file in files.Where(file => file.Exists).OrderBy(file => file.LastAccessTimeUtc))
            {
                if (over <= 0)
                    return;
                over -= file.Length;
                file.Delete();
            }
        }
        finally
        {
            Volatile.Write(ref _trimming, 0);
        }
    }
}
