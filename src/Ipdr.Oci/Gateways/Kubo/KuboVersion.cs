namespace Ipdr.Oci.Gateways.Kubo;

/// <summary>What a daemon says of itself.</summary>
/// <param name="Version">Its release.</param>
/// <param name="Golang">The version of Go that it was made with; null for those that were not made with Go.</param>
public sealed record KuboVersion(string Version, string? Golang = null);
