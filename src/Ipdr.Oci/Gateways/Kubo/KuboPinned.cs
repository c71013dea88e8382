namespace Ipdr.Oci.Gateways.Kubo;

/// <summary>Answer of <c>pin/add</c>.</summary>
internal sealed record KuboPinned(IReadOnlyList<string>? Pins);
