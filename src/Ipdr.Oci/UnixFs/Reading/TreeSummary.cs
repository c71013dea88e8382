using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>What was written.</summary>
/// <param name="Root">The top block.</param>
/// <param name="Entries">Files, directories and symbolic links.</param>
/// <param name="Bytes">Bytes of all files.</param>
public sealed record TreeSummary(Cid Root, int Entries, long Bytes);
