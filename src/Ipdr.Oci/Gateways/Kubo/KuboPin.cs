namespace Ipdr.Oci.Gateways.Kubo;

/// <summary>A pin.</summary>
internal sealed record KuboPin(string? Type);
