using Ipdr.Oci.Gateways;
using Ipdr.Oci.Gateways.Pinning;

namespace Ipdr.Oci.Destinations.Dags;

/// <summary>A pinning service. It fetches the content itself, from whoever has it.</summary>
/// <param name="client">The service; disposed of with this.</param>
/// <param name="origins">Finds multiaddrs of who has the content.</param>
/// <param name="say">Is told how far it is; may be null.</param>
/// <param name="clock">Tells the time; the system's if null.</param>
public sealed class PinningDestination(
    PinningClient client, Func<CancellationToken, Task<IReadOnlyList<string>>> origins, Action<string>? say = null, TimeProvider? clock = null) : IDagDestination
{
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(15);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <inheritdoc/>
    public string Name => client.Name;

    /// <inheritdoc/>
    public bool TakesBlocks => false;

    /// <inheritdoc/>
    public async Task ReceiveAsync(DagOffer offer, IAsyncEnumerable<DagPiece> blocks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(offer);
        PinRequest request = await client.RequestAsync(offer.Root, offer.Title, await origins(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        PatientPolling polling = new(_clock);
        string? told = null;
        for (TimeSpan interval = FirstInterval; ; interval = interval * 2 < LongestInterval ? interval * 2 : LongestInterval)
        {
            if (request.Status != told)
                say?.Invoke($"{Name}: {told = request.Status}");
            switch (request.Status)
            {
                case "pinned":
                    return;
                case "failed":
                    throw SourceFaults.NotKept(Name, offer.Root, request.Info is { Count: > 0 } info ? string.Join("; ", info.Select(pair => $"{pair.Key}: {pair.Value}")) : "the service says that it failed");
            }
            await Task.Delay(interval, _clock, cancellationToken).ConfigureAwait(false);
            request = await polling.AskAsync(() => client.GetAsync(offer.Root, request.RequestId, cancellationToken), cancellationToken).ConfigureAwait(false) ?? request;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
