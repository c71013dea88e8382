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
}
