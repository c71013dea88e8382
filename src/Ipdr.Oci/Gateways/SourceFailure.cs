namespace Ipdr.Oci.Gateways;

/// <summary>How a place on the network failed, as far as that decides what to do about it.</summary>
public enum SourceFailure
{
    /// <summary>It cannot be reached, or refuses. It may be better later.</summary>
    Unreachable,

    /// <summary>It took too long, or ended its answer too early. It may be better next time.</summary>
    Stalled,

    /// <summary>It asks to come back later.</summary>
    Throttles,

    /// <summary>It gave something else than what it was asked for. Nothing from there is to be believed.</summary>
    Misbehaves,

    /// <summary>It says that it could not find it in time. That is no fault of its own, and no promise that it is nowhere.</summary>
    NotInTime,
}
