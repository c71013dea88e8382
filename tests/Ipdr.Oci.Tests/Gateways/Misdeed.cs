namespace Ipdr.Oci.Tests.Gateways;

/// <summary>What a gateway may do instead of its work.</summary>
public enum Misdeed
{
    None,
    WrongBytes,
    Html,
    WrongType,
    EarlyClose,
    CloseAtOnce,
    Stall,
    Trickle,
    TooLarge,
    Endless,
    ServerError,
    NotInTime,
    ThrottleTwice,
    ThrottleForEver,
    ThrottleForAnHour,
    RedirectOnce,
    RedirectForEver,
    RedirectToFile,
    RedirectToNowhere,
    CarWrongOrder,
    CarExtraBlocks,
    CarMissingBlocks,
    CarCut,
    CarLies,
    CarIsNone,
    CarErrorBehind,
}
