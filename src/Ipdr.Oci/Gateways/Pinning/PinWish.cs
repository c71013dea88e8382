namespace Ipdr.Oci.Gateways.Pinning;

/// <summary>What a pinning service is asked for, and says that it was asked for.</summary>
internal sealed record PinWish(string Cid, string? Name, IReadOnlyList<string>? Origins);
