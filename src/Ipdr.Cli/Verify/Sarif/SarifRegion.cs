namespace Ipdr.Cli.Verify.Sarif;

/// <summary>A stretch of a file, in bytes (section 3.30).</summary>
internal sealed record SarifRegion(long ByteOffset, int ByteLength = 0);
