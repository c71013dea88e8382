using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Car;

/// <summary>What going through a whole CAR brought to light.</summary>
/// <param name="Header">What the CAR says of itself; null if it has no header that can be read.</param>
public sealed record CarReport(CarHeader? Header)
{
    /// <summary>Sections.</summary>
    public long Blocks { get; init; }

    /// <summary>Bytes of all blocks.</summary>
    public long BlockBytes { get; init; }

    /// <summary>Sections whose block had been there before.</summary>
    public long RepeatedBlocks { get; init; }

    /// <summary>Blocks of codecs whose links are not followed: neither dag-pb nor raw.</summary>
    public long OpaqueBlocks { get; init; }

    /// <summary>Files, directories and symbolic links below the roots; 0 if anything is wrong.</summary>
    public long Entries { get; init; }

    /// <summary>Bytes of the files below the roots; 0 if anything is wrong.</summary>
    public long FileBytes { get; init; }

    /// <summary>Everything that is wrong, in the order of the CAR, up to <see cref="CarVerifier.MaxFaults"/>; empty if nothing is.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];
}
