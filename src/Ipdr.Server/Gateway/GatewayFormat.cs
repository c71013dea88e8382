namespace Ipdr.Server.Gateway;

/// <summary>What a request to the gateway wants to get.</summary>
internal enum GatewayFormat
{
    /// <summary>One block.</summary>
    Raw,

    /// <summary>A CAR.</summary>
    Car,

    /// <summary>A signed record of a mutable name.</summary>
    IpnsRecord,

    /// <summary>A file or a listing, as people want it.</summary>
    Plain,
}
