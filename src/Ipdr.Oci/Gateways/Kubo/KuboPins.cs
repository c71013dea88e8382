namespace Ipdr.Oci.Gateways.Kubo;

/// <summary>Answer of <c>pin/ls</c>.</summary>
internal sealed record KuboPins(IReadOnlyDictionary<string, KuboPin>? Keys);
