namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>What was written.</summary>
/// <param name="Entries">Files, directories and symbolic links.</param>
/// <param name="Bytes">Bytes of all files.</param>
public sealed record TreeSummary(int Entries, long Bytes);
