namespace Ipdr.Oci.Gateways.Kubo;

/// <summary>A line of <c>refs</c>.</summary>
internal sealed record KuboReference(string? Ref, string? Err);
