using System.Text.Json.Serialization;

namespace Ipdr.Oci.Gateways.Kubo;

/// <summary>A CID in JSON.</summary>
internal sealed record KuboLink([property: JsonPropertyName("/")] string? Link);
