namespace Ipdr.Oci.Gateways.Pinning;

/// <summary>Requests that a pinning service knows.</summary>
internal sealed record PinRequestList(int Count, IReadOnlyList<PinRequest>? Results);
