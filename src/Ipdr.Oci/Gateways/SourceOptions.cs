namespace Ipdr.Oci.Gateways;

/// <summary>How a place on the network is talked to. No place is trusted, so all of it is bounded.</summary>
public sealed record SourceOptions
{
    /// <summary>Largest block accepted, in bytes. Default 2 MiB: bitswap and gateways carry no larger one.</summary>
    public int MaxBlockBytes { get; init => field = Positive(value); } = 2 << 20;

    /// <summary>The longest wait for an answer to begin, and for each next 16 KiB of it. Default 30 s, after which public gateways give up themselves.</summary>
    public TimeSpan Patience { get; init => field = Positive(value); } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait for a connection. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init => field = Positive(value); } = TimeSpan.FromSeconds(10);

    /// <summary>How often one request may be sent elsewhere. Default 5; public gateways need one or two.</summary>
    public int MaxRedirects { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 5;

    /// <summary>What requests say of their sender. Default <c>ipdr</c>: Kubo takes a name with its own in it for one of its own programs.</summary>
    public string UserAgent { get; init; } = "ipdr";

    private static int Positive(int value) => value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));

    private static TimeSpan Positive(TimeSpan value) => value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value));
}
