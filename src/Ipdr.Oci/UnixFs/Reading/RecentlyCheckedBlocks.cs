using System.Buffers;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>Blocks of a place that is ours, each held against its name when it is asked for, but not again within the hour.</summary>
/// <remarks>
/// For answers that whoever gets them checks as well: hashing what a crowd asks for would be half of the work of giving it.
/// Remembered are the names alone, at most <see cref="MaxRemembered"/>. Safe for several threads.
/// </remarks>
/// <param name="source">The place. It stays the caller's.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class RecentlyCheckedBlocks(IBlockSource source, TimeProvider? time = null) : ICheckedBlockSource
{
    /// <summary>Names that are remembered at most: with blocks of 1 MiB, those of 64 GiB.</summary>
    public const int MaxRemembered = 64 << 10;

    // Two halves, of which the older is forgotten when the newer is full or half an hour old: nothing needs to be sorted by age.
    private static readonly TimeSpan HalfPeriod = TimeSpan.FromMinutes(30);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private HashSet<Multihash> _newer = [], _older = [];
    private long _begun = (time ?? TimeProvider.System).GetTimestamp();

    /// <inheritdoc/>
    /// <exception cref="Faults.IpdrException">The block is another one than named, or the name's hash function is not computed here.</exception>
    public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
    {
        IMemoryOwner<byte>? block = await source.TryReadAsync(cid, cancellationToken).ConfigureAwait(false);
        if (block is null || source is ICheckedBlockSource || IsRemembered(cid.Hash))
            return block;
        try
        {
            CheckedBlocks.RequireMatch(cid, block.Memory.Span);
        }
        catch
        {
            block.Dispose();
            throw;
        }
        Remember(cid.Hash);
        return block;
    }

    private bool IsRemembered(Multihash hash)
    {
        lock (_lock)
        {
            ForgetTheOld();
            return _newer.Contains(hash) || _older.Contains(hash);
        }
    }

    private void Remember(Multihash hash)
    {
        lock (_lock)
        {
            if (_newer.Count == MaxRemembered / 2)
                BeginHalf(_time.GetTimestamp());
            _newer.Add(hash);
        }
    }

    private void ForgetTheOld()
    {
        TimeSpan age = _time.GetElapsedTime(_begun);
        if (age >= 2 * HalfPeriod)
        {
            _newer.Clear();
            BeginHalf(_time.GetTimestamp());
        }
        else if (age >= HalfPeriod)
        {
            // Begins when the other was over, not when somebody asks: its names would be remembered for longer than the hour.
            BeginHalf(_begun + (long)(HalfPeriod.TotalSeconds * _time.TimestampFrequency));
        }
    }

    private void BeginHalf(long begun)
    {
        (_newer, _older) = (_older, _newer);
        _newer.Clear();
        _begun = begun;
    }
}
