using System.Buffers;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>A pool for programs that run for long: from time to time sources that were left out get another chance.</summary>
/// <remarks>A pool leaves out who fails, for good. What failed an hour ago, because a line was down, may be the best source today.</remarks>
public sealed class RenewedPool : ICheckedBlockSource, IAsyncDisposable
{
    private readonly Func<BlockPool> _make;
    private readonly TimeSpan _age;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private BlockPool _pool;
    private BlockPool? _retired;
    private Task _ending = Task.CompletedTask;
    private long _made;

    /// <param name="make">Makes a pool of all sources.</param>
    /// <param name="age">After so long a pool that has left a source out is made anew.</param>
    /// <param name="clock">Tells the time; the system's if null.</param>
    public RenewedPool(Func<BlockPool> make, TimeSpan age, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(make);
        _make = make;
        _age = age;
        _clock = clock ?? TimeProvider.System;
        _pool = make();
        _made = _clock.GetTimestamp();
    }

    /// <inheritdoc/>
    /// <exception cref="Faults.IpdrException">The block cannot be had: the sources failed, and the message says how.</exception>
    public ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default) => Current().TryReadAsync(cid, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.ConfigureAwait(false);
        if (_retired is not null)
            await _retired.DisposeAsync().ConfigureAwait(false);
        await _pool.DisposeAsync().ConfigureAwait(false);
    }

    // Reads that are under way end on the old pool, so it is only put aside until the next one is.
    private BlockPool Current()
    {
        lock (_lock)
        {
            if (_clock.GetElapsedTime(_made) >= _age && _pool.Sources.Any(source => source.Dropped is not null))
            {
                if (_retired is { } old)
                    _ending = Task.WhenAll(_ending, old.DisposeAsync().AsTask());
                _retired = _pool;
                _pool = _make();
                _made = _clock.GetTimestamp();
            }
            return _pool;
        }
    }
}
