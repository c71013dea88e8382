using System.Buffers;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Store;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Transfer;

/// <summary>Blocks of the store, and of somewhere else what the store lacks. All of them are checked.</summary>
/// <param name="store">The store.</param>
/// <param name="elsewhere">Where to look then; its blocks are checked by itself.</param>
internal sealed class LocalFirstBlocks(ContentStore store, ICheckedBlockSource elsewhere) : ICheckedBlockSource
{
    private long _fetchedBytes;

    /// <summary>Bytes that came from elsewhere.</summary>
    public long FetchedBytes => Interlocked.Read(ref _fetchedBytes);

    public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
    {
        if (await store.TryReadAsync(cid, cancellationToken).ConfigureAwait(false) is { } local)
        {
            if (cid.Hash.IsVerifiable && cid.Hash.Matches(local.Memory.Span))
                return local;
            // Damaged here: it can still be had.
            local.Dispose();
        }
        IMemoryOwner<byte>? fetched = await elsewhere.TryReadAsync(cid, cancellationToken).ConfigureAwait(false);
        Interlocked.Add(ref _fetchedBytes, fetched?.Memory.Length ?? 0);
        return fetched;
    }
}
