using System.Globalization;
using System.Net;
using System.Text.Json;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways.Cluster;

/// <summary>The REST API of IPFS Cluster. Safe for several threads.</summary>
public sealed class ClusterClient : IDisposable
{
    private const int MaxAnswerBytes = 4 << 20;

    private readonly HttpPeer _peer;

    /// <summary>Nothing is sent yet.</summary>
    /// <param name="address">Its base, as of <see cref="GatewayAddress.Parse"/>; a name and password in it are sent.</param>
    /// <param name="bearer">A token to show; null for none.</param>
    /// <param name="options">How it is talked to; the defaults if null.</param>
    public ClusterClient(Uri address, string? bearer = null, SourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        _peer = new HttpPeer(address, options ?? new SourceOptions(), bearer);
    }

    /// <summary>Its address as it stands in messages.</summary>
    public string Name => _peer.Name;

    /// <summary>Sends a DAG as a CAR, which the cluster pins.</summary>
    /// <param name="root">The DAG.</param>
    /// <param name="blocks">All its blocks.</param>
    /// <param name="name">What the pin is called; may be null.</param>
    /// <param name="replication">On how many peers it shall be.</param>
    /// <param name="cancellationToken">Stops the sending.</param>
    /// <exception cref="SourceException">The cluster refuses, fails, or pins something else.</exception>
    public async Task AddAsync(Cid root, IAsyncEnumerable<DagPiece> blocks, string? name, ClusterReplication replication, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(replication);
        string query = string.Create(
            CultureInfo.InvariantCulture,
            $"add?format=car&stream-channels=false&replication-min={replication.Min}&replication-max={replication.Max}{(name is null ? "" : "&name=" + Uri.EscapeDataString(name))}");
        HttpResponseMessage answer = await UploadCall.SendCarAsync(_peer, query, root, blocks, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Accepted))
            throw await _peer.RefusedAsync(answer, cancellationToken).ConfigureAwait(false);
        using (answer)
        {
            ClusterAdded[] added = await ReadAsync(answer, ClusterJson.Default.ClusterAddedArray, cancellationToken).ConfigureAwait(false);
            string? last = added.Length == 0 ? null : added[^1].Cid;
            if (last is null || !Cid.TryParse(last, null, out Cid cid) || cid.Hash != root.Hash)
                throw SourceFaults.OtherCid(Name, root, last);
        }
    }

    /// <summary>What the peers say of a pin.</summary>
    /// <exception cref="SourceException">The cluster does not answer.</exception>
    public async Task<ClusterPinStatus> GetStatusAsync(Cid root, CancellationToken cancellationToken = default)
    {
        HttpResponseMessage answer = await _peer.GetAsync($"pins/{root}", "application/json", cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw await _peer.RefusedAsync(answer, cancellationToken).ConfigureAwait(false);
        using (answer)
        {
            ClusterPin pin = await ReadAsync(answer, ClusterJson.Default.ClusterPin, cancellationToken).ConfigureAwait(false);
            ClusterPeerStatus[] peers = [.. (pin.PeerMap ?? new Dictionary<string, ClusterPeerStatus>()).Values];
            string[] failures = [.. peers.Where(peer => peer.Status?.EndsWith("error", StringComparison.Ordinal) == true).Select(peer => $"{peer.Peername}: {peer.Error}")];
            return new ClusterPinStatus(peers.Count(peer => peer.Status == "pinned"), peers.Count(peer => peer.Status is "pinning" or "pin_queued"), failures);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _peer.Dispose();

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> document = await _peer.ReadDocumentAsync(answer, MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(document.Span, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw SourceFaults.Misbehaves(Name, "its answer is not what a cluster says", "JSON", e.Message);
        }
    }
}
