using System.Buffers;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Registries.Serving;

/// <summary>Places on the disk as sources of blocks. To know their blocks they are read once, in the background; who asks meanwhile waits.</summary>
internal sealed class PlaceBlocks : IBlockSource, IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Task<DagBlocks> _reading;

    /// <summary>Begins to read.</summary>
    /// <param name="places">The places, read in this order.</param>
    /// <param name="tell">Is told in a sentence why a place has no CID; may be null.</param>
    public PlaceBlocks(IReadOnlyList<PlaceDag> places, Action<string>? tell) => _reading = Task.Run(() => ReadAsync(places, tell));

    /// <inheritdoc/>
    public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default) =>
        await (await _reading.WaitAsync(cancellationToken).ConfigureAwait(false)).TryReadAsync(cid, cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    // What cannot be read has no blocks; the others have theirs all the same.
    private async Task<DagBlocks> ReadAsync(IReadOnlyList<PlaceDag> places, Action<string>? tell)
    {
        DagBlocks blocks = new();
        foreach (PlaceDag place in places)
        {
            try
            {
                if (await place.ReadAsync(_ending.Token).ConfigureAwait(false) is { } dag)
                    blocks.Add(dag);
                else
                    tell?.Invoke($"{place.Place} has no CID: it does not hold its images as they would be converted");
            }
            catch (IpdrException e)
            {
                tell?.Invoke($"{place.Place} has no CID: {e.Fault.What} ({e.Fault.Where})");
            }
        }
        return blocks;
    }
}
