using System.Buffers;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>One source that is asked for one block.</summary>
internal sealed class Attempt
{
    private volatile bool _hasBegun;

    private Attempt(Lane lane) => Lane = lane;

    public Lane Lane { get; }

    /// <summary>Gives the block, for whoever waits for it to dispose of; null if it is not there.</summary>
    public Task<IMemoryOwner<byte>?> Task { get; private set; } = null!;

    /// <summary>Whether the source was asked already; before that, others keep it busy.</summary>
    public bool HasBegun => _hasBegun;

    public static Attempt Start(Lane lane, Cid cid, CancellationToken cancellationToken)
    {
        Attempt attempt = new(lane);
        attempt.Task = lane.ReadAsync(cid, () => attempt._hasBegun = true, cancellationToken);
        return attempt;
    }

    /// <summary>Waits for its end. What comes too late is not wanted, whatever it is.</summary>
    public async Task AbandonAsync()
    {
        await ((Task)Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Task.IsCompletedSuccessfully)
            (await Task.ConfigureAwait(false))?.Dispose();
    }
}
