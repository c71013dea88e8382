namespace Ipdr.Oci.Engines;

/// <summary>The body of an engine's refusal; podman says <c>cause</c> as well.</summary>
internal sealed record EngineRefusal(string? Message = null, string? Cause = null);
