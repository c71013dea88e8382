using System.Globalization;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Gateways.Cluster;

namespace Ipdr.Oci.Destinations.Dags;

/// <summary>An IPFS cluster, which replicates what it gets.</summary>
/// <param name="client">The cluster; disposed of with this.</param>
/// <param name="replication">On how many peers it shall be.</param>
/// <param name="say">Is told how far it is; may be null.</param>
/// <param name="clock">Tells the time; the system's if null.</param>
public sealed class ClusterDestination(ClusterClient client, ClusterReplication replication, Action<string>? say = null, TimeProvider? clock = null) : IDagDestination
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // After an add some peers may not have heard of it yet.
    private static readonly TimeSpan GraceOfIdlePeers = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <inheritdoc/>
    public string Name => client.Name;

    /// <inheritdoc/>
    public async Task ReceiveAsync(DagOffer offer, IAsyncEnumerable<DagPiece> blocks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(offer);
        await client.AddAsync(offer.Root, blocks, offer.Title, replication, cancellationToken).ConfigureAwait(false);
        PatientPolling polling = new(_clock);
        long busy = _clock.GetTimestamp();
        for (string? told = null; ; await Task.Delay(Interval, _clock, cancellationToken).ConfigureAwait(false))
        {
            if (await polling.AskAsync(() => client.GetStatusAsync(offer.Root, cancellationToken), cancellationToken).ConfigureAwait(false) is not { } status)
                continue;
            bool isEnough = status.Pinned >= Math.Max(1, replication.Min);
            if (status.Pending == 0 && !isEnough && status.Failures.Count > 0)
                throw SourceFaults.NotKept(Name, offer.Root, string.Join("; ", status.Failures));
            if (isEnough && status.Pending == 0)
                return;
            if (status.Pending > 0)
                busy = _clock.GetTimestamp();
            else if (_clock.GetElapsedTime(busy) > GraceOfIdlePeers)
                throw SourceFaults.NotKept(Name, offer.Root, string.Create(CultureInfo.InvariantCulture, $"{status.Pinned} peers have pinned it, and no other is about to"));
            string text = $"{Name}: pinned by {status.Pinned} peers, {status.Pending} to come";
            if (text != told)
                say?.Invoke(told = text);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
