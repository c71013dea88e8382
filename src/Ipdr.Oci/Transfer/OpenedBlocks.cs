using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Store;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Transfer;

/// <summary>The store, if there is one, and those who are asked for what it lacks, open for as long as somebody reads.</summary>
internal sealed class OpenedBlocks : IAsyncDisposable
{
    private readonly ContentStore? _store;
    private readonly BlockPool _pool;
    private readonly LocalFirstBlocks _blocks;

    private OpenedBlocks(ContentStore? store, BlockPool pool)
    {
        (_store, _pool) = (store, pool);
        _blocks = new LocalFirstBlocks(store, pool);
    }

    /// <summary>The blocks, each checked.</summary>
    public IBlockSource Source => _blocks;

    /// <summary>Opens them.</summary>
    /// <param name="root">The CID below which blocks will be asked for.</param>
    /// <param name="options">Where the store is, and who is asked.</param>
    /// <param name="cancellationToken">Gives up the waiting.</param>
    public static async Task<OpenedBlocks> OpenAsync(Cid root, PlaceOptions options, CancellationToken cancellationToken)
    {
        BlockPool pool = options.Blocks is { } open ? await open(root, cancellationToken).ConfigureAwait(false) : new BlockPool([]);
        try
        {
            return new OpenedBlocks(ContentStore.TryOpen(options.StoreHome), pool);
        }
        catch
        {
            await pool.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _blocks.DisposeAsync().ConfigureAwait(false);
        await _pool.DisposeAsync().ConfigureAwait(false);
        _store?.Dispose();
    }
}
