using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>How a pool uses its sources.</summary>
public sealed record BlockPoolOptions
{
    /// <summary>Bytes of blocks that are fetched before they are asked for. Default 32 MiB. 0 for none.</summary>
    public int ReadAheadBytes { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 32 << 20;

    /// <summary>Largest block accepted, in bytes. Default 2 MiB.</summary>
    public int MaxBlockBytes { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 2 << 20;

    /// <summary>After so long without a block, a second source is asked for it. Default 1 s; more when sources are measured to take longer.</summary>
    public TimeSpan Overtake { get; init => field = Positive(value); } = TimeSpan.FromSeconds(1);

    /// <summary>Failures in a row, or blocks in a row that another source had sooner, after which a source is left out. Default 3.</summary>
    public int MaxFailures { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 3;

    /// <summary>Rounds through all sources before a block is given up, where they failed rather than lacked it. Default 3.</summary>
    public int MaxRounds { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 3;

    /// <summary>The longest time that a source may ask to stay away; one that asks for more is left out. Default 60 s.</summary>
    public TimeSpan MaxRetryAfter { get; init => field = Positive(value); } = TimeSpan.FromSeconds(60);

    /// <summary>Requests in a row to come back later, after which a source is left out. Default 10.</summary>
    public int MaxThrottles { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 10;

    /// <summary>Finds more sources for a block that none of the pool's has. Default null: nobody is asked.</summary>
    public Func<Cid, CancellationToken, ValueTask<IReadOnlyList<PooledSource>>>? FindMore { get; init; }

    private static TimeSpan Positive(TimeSpan value) => value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value));
}
