namespace Ipdr.Oci.Car;

/// <summary>What a CAR may ask of its reader. All of it is refused before memory is taken for it.</summary>
public sealed record CarLimits
{
    /// <summary>Bytes of the header, which is the list of roots. Default 1 MiB, more than 25,000 roots.</summary>
    public int MaxHeaderBytes { get; init => field = Positive(value); } = 1 << 20;

    /// <summary>Bytes of one block. Default 2 MiB: bitswap and gateways carry no larger one.</summary>
    public int MaxBlockBytes { get; init => field = Positive(value); } = 2 << 20;

    /// <summary>Blocks that are kept track of, at 16 bytes each in an open <see cref="CarFile"/>. Default 8,388,608: 128 MiB.</summary>
    public int MaxBlocks { get; init => field = Positive(value); } = 1 << 23;

    private static int Positive(int value) => value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
}
