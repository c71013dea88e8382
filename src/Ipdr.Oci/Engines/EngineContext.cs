using System.Text.Json.Serialization;

namespace Ipdr.Oci.Engines;

/// <summary>A Docker context's <c>meta.json</c>.</summary>
/// <param name="Endpoints">What it reaches, by kind.</param>
internal sealed record EngineContext([property: JsonPropertyName("Endpoints")] IReadOnlyDictionary<string, EngineContextEndpoint>? Endpoints = null);
