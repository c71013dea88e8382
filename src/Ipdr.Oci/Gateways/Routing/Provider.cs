namespace Ipdr.Oci.Gateways.Routing;

/// <summary>A record of the Delegated Routing API, as far as it is used.</summary>
internal sealed record Provider(string? Schema, IReadOnlyList<string>? Addrs, IReadOnlyList<string>? Protocols);
