using System.Buffers;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Transfer;

/// <summary>Fetches what small directories lead to as soon as they are read: an image's documents lie several directories deep, and from far away each step takes long. Safe for several threads.</summary>
/// <remarks>What is fetched ahead is the top of each entry only, and of no more than <see cref="MaxBlocks"/> at a time; what nobody asks for is thrown away at the end.</remarks>
/// <param name="source">Where blocks come from. They are checked by itself.</param>
internal sealed class DirectoryAhead(ICheckedBlockSource source) : IAsyncDisposable
{
    /// <summary>Blocks that are here or under way without having been asked for.</summary>
    public const int MaxBlocks = 32;

    private readonly Dictionary<Multihash, Task<IMemoryOwner<byte>?>> _blocks = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>The block, if it was fetched ahead; null if it was not, or could not be had.</summary>
    public async ValueTask<IMemoryOwner<byte>?> TryTakeAsync(Cid cid, CancellationToken cancellationToken)
    {
        Task<IMemoryOwner<byte>?>? block;
        lock (_blocks)
        {
            if (!_blocks.TryGetValue(cid.Hash, out block))
                return null;
        }
        try
        {
            await ((Task)block).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException)
        {
            // It is asked for again, and then told.
        }
        bool isFirst;
        lock (_blocks)
            isFirst = _blocks.Remove(cid.Hash);
        return isFirst && block.IsCompletedSuccessfully ? await block.ConfigureAwait(false) : null;
    }

    /// <summary>Fetches what a block leads to, if it is a directory and small.</summary>
    /// <param name="cid">The block's name.</param>
    /// <param name="block">Its bytes, checked.</param>
    /// <param name="isHere">Whether a block need not be fetched.</param>
    public void Follow(Cid cid, ReadOnlySpan<byte> block, Func<Cid, bool> isHere)
    {
        foreach (Cid entry in EntriesOf(cid, block))
        {
            if (!entry.Hash.IsVerifiable || entry.Hash.Code == MultihashCode.Identity || isHere(entry))
                continue;
            lock (_blocks)
            {
                if (_stopping.IsCancellationRequested || _blocks.Count == MaxBlocks)
                    return;
                if (!_blocks.ContainsKey(entry.Hash))
                    _blocks[entry.Hash] = FetchAsync(entry);
            }
        }
    }

    /// <summary>Ends what is under way, and throws away what nobody has asked for.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task<IMemoryOwner<byte>?>[] unasked;
        lock (_blocks)
        {
            unasked = [.. _blocks.Values];
            _blocks.Clear();
        }
        foreach (Task<IMemoryOwner<byte>?> block in unasked)
        {
            await ((Task)block).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (block.IsCompletedSuccessfully)
                (await block.ConfigureAwait(false))?.Dispose();
        }
        _stopping.Dispose();
    }

    private static Cid[] EntriesOf(Cid cid, ReadOnlySpan<byte> block)
    {
        if (cid.Codec != Multicodec.DagPb)
            return [];
        try
        {
            DagPbNode node = DagPbNode.Decode(cid, block, MaxBlocks);
            return node.Data is { } data && UnixFsMessage.Decode(cid, block[data], MaxBlocks).Type == UnixFsType.Directory ? [.. node.Links.Select(link => link.Cid)] : [];
        }
        catch (IpdrException)
        {
            // It is larger than is followed, or whoever reads it says what is wrong.
            return [];
        }
    }

    // Not in the caller's time: whoever fetches may take long to begin.
    private Task<IMemoryOwner<byte>?> FetchAsync(Cid cid) => Task.Run(() => source.TryReadAsync(cid, _stopping.Token).AsTask(), _stopping.Token);
}
