using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>A source of blocks as a member of a pool.</summary>
/// <param name="Name">What it is called in messages.</param>
/// <param name="Source">The blocks; if it is disposable, it is disposed of with the pool.</param>
public sealed record PooledSource(string Name, IBlockSource Source)
{
    /// <summary>Blocks that are asked for at the same time. Default 8: enough to fill a line with blocks of 1 MiB, and few enough not to be a nuisance.</summary>
    public int Parallelism { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 8;

    /// <summary>A gateway.</summary>
    public static PooledSource Of(TrustlessGateway gateway)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        return new PooledSource(gateway.Name, gateway);
    }
}
