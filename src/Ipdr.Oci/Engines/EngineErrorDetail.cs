namespace Ipdr.Oci.Engines;

/// <summary>Why an engine's work failed.</summary>
/// <param name="Message">Text for people.</param>
internal sealed record EngineErrorDetail(string? Message = null);
