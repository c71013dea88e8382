using Ipdr.Oci.Gateways;
using Ipdr.Oci.Gateways.Kubo;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Destinations.Dags;

/// <summary>An IPFS daemon, which pins what it gets. What it has already is not sent, where it can tell.</summary>
/// <param name="client">The daemon; disposed of with this.</param>
public sealed class KuboDestination(KuboClient client) : IDagDestination
{
    private const int ChecksAtOnce = 4;

    /// <inheritdoc/>
    public string Name => client.Name;

    /// <inheritdoc/>
    public async Task<IReadOnlySet<Cid>> FindPresentAsync(DagOffer offer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(offer);
        KuboVersion version = await client.GetVersionAsync(cancellationToken).ConfigureAwait(false);
        if (await client.IsPinnedAsync(offer.Root, cancellationToken).ConfigureAwait(false))
            return new HashSet<Cid> { offer.Root };
        HashSet<Cid> present = [];
        // Others than Kubo look for what they lack in the network, however they are asked.
        if (version.Golang is not null)
        {
            await Parallel.ForEachAsync(offer.Files, new ParallelOptions { MaxDegreeOfParallelism = ChecksAtOnce, CancellationToken = cancellationToken }, async (file, token) =>
            {
                if (!await client.HoldsAllAsync(file, token).ConfigureAwait(false))
                    return;
                lock (present)
                    present.Add(file);
            }).ConfigureAwait(false);
        }
        return present;
    }

    /// <inheritdoc/>
    public async Task ReceiveAsync(DagOffer offer, IAsyncEnumerable<DagPiece> blocks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(offer);
        IAsyncEnumerator<DagPiece> pieces = blocks.GetAsyncEnumerator(cancellationToken);
        await using (pieces.ConfigureAwait(false))
        {
            if (!await pieces.MoveNextAsync().ConfigureAwait(false))
                return;
            if (await client.ImportAsync(offer.Root, RestAsync(pieces), cancellationToken).ConfigureAwait(false))
                return;
            do
                await client.PutBlockAsync(pieces.Current.Cid, pieces.Current.Bytes, cancellationToken).ConfigureAwait(false);
            while (await pieces.MoveNextAsync().ConfigureAwait(false));
            await client.PinAsync(offer.Root, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    // From the one that was read already.
    private static async IAsyncEnumerable<DagPiece> RestAsync(IAsyncEnumerator<DagPiece> pieces)
    {
        do
            yield return pieces.Current;
        while (await pieces.MoveNextAsync().ConfigureAwait(false));
    }
}
