using System.Buffers;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Store;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Transfer;

/// <summary>Blocks of the store, and of somewhere else what the store lacks. All of them are checked.</summary>
/// <param name="store">The store; null where there is none.</param>
/// <param name="elsewhere">Where to look then; its blocks are checked by itself.</param>
internal sealed class LocalFirstBlocks(ContentStore? store, ICheckedBlockSource elsewhere) : ICheckedBlockSource, IAsyncDisposable
{
    // Directories and documents are read again with every path; each of them is fetched once.
    private const int MaxKeptBlockBytes = 64 << 10;
    private const int MaxKeptBytes = 16 << 20;

    private readonly Dictionary<Multihash, byte[]> _kept = [];
    private readonly DirectoryAhead _ahead = new(elsewhere);
    private long _keptBytes;
    private long _fetchedBytes;

    /// <summary>Bytes that came from elsewhere.</summary>
    public long FetchedBytes => Interlocked.Read(ref _fetchedBytes);

    public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
    {
        lock (_kept)
        {
            if (_kept.TryGetValue(cid.Hash, out byte[]? known))
                return BlockBuffer.Of(known);
        }
        if (store is not null && await store.TryReadAsync(cid, cancellationToken).ConfigureAwait(false) is { } local)
        {
            if (cid.Hash.IsVerifiable && cid.Hash.Matches(local.Memory.Span))
                return local;
            // Damaged here: it can still be had.
            local.Dispose();
        }
        IMemoryOwner<byte>? fetched = await _ahead.TryTakeAsync(cid, cancellationToken).ConfigureAwait(false) ?? await elsewhere.TryReadAsync(cid, cancellationToken).ConfigureAwait(false);
        if (fetched is not null)
        {
            Keep(cid, fetched.Memory.Span);
            _ahead.Follow(cid, fetched.Memory.Span, IsHere);
        }
        return fetched;
    }

    /// <summary>Ends what is fetched ahead. The store and the other source stay as they are.</summary>
    public ValueTask DisposeAsync() => _ahead.DisposeAsync();

    private bool IsHere(Cid cid)
    {
        lock (_kept)
        {
            if (_kept.ContainsKey(cid.Hash))
                return true;
        }
        return store?.HasBlock(cid) == true;
    }

    private void Keep(Cid cid, ReadOnlySpan<byte> block)
    {
        Interlocked.Add(ref _fetchedBytes, block.Length);
        if (block.Length > MaxKeptBlockBytes)
            return;
        lock (_kept)
        {
            if (_keptBytes + block.Length <= MaxKeptBytes && _kept.TryAdd(cid.Hash, block.ToArray()))
                _keptBytes += block.Length;
        }
    }
}
