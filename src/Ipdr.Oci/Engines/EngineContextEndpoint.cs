using System.Text.Json.Serialization;

namespace Ipdr.Oci.Engines;

/// <summary>One endpoint of a Docker context.</summary>
/// <param name="Host">Its address.</param>
/// <param name="SkipTLSVerify">Do not check its certificate.</param>
internal sealed record EngineContextEndpoint([property: JsonPropertyName("Host")] string? Host = null, [property: JsonPropertyName("SkipTLSVerify")] bool SkipTLSVerify = false);
