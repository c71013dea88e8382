namespace Ipdr.Oci.Gateways.Kubo;

/// <summary>Answer of <c>block/put</c>.</summary>
internal sealed record KuboBlock(string? Key);
