namespace Ipdr.Oci.Compression;

/// <summary>Which levels a format can be written at.</summary>
/// <param name="Min">The fastest.</param>
/// <param name="Max">The smallest output.</param>
/// <param name="Default">Where none is asked for: by measurement on image layers.</param>
public readonly record struct CompressionLevels(int Min, int Max, int Default);
