namespace Ipdr.Oci.Gateways.Kubo;

/// <summary>A root of an imported CAR.</summary>
internal sealed record KuboImportedRoot(KuboLink? Cid, string? PinErrorMsg);
