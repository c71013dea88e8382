using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Car;

/// <summary>What goes into a CAR of a path, beside the blocks on the way.</summary>
public sealed record CarSelection
{
    /// <summary>How much. Default <see cref="CarScope.All"/>.</summary>
    public CarScope Scope { get; init; } = CarScope.All;

    /// <summary>The bytes of a file that are wanted; null for all of them, and for anything but a file without meaning. Default null.</summary>
    public EntityBytes? Bytes { get; init; }

    /// <summary>Is a block written at each place where it is met? Else only at the first. Default false.</summary>
    public bool Duplicates { get; init; }

    /// <summary>Blocks that are written, each time that they are. Default 8,388,608: no CAR of more is read here, and a few blocks can link to each other exabytes of times.</summary>
    public int MaxBlocks { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = new CarLimits().MaxBlocks;

    /// <summary>Bytes of blocks that were written before. Default 1 TiB, as <see cref="DagLimits.MaxTotalBytes"/>.</summary>
    public long MaxRepeatedBytes { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = new DagLimits().MaxTotalBytes;
}
