namespace Ipdr.Oci.Gateways.Kubo;

/// <summary>A daemon as others see it.</summary>
internal sealed record KuboIdentity(IReadOnlyList<string>? Addresses);
