namespace Ipdr.Oci.Engines;

/// <summary>The file system of an image as an engine describes it.</summary>
/// <param name="Layers">The DiffIds, bottom first; null for none.</param>
public sealed record EngineLayers(IReadOnlyList<string>? Layers = null);
