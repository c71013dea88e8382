using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>How much a tree is.</summary>
/// <param name="Root">The top block.</param>
/// <param name="Entries">Files, directories and symbolic links, the top among them.</param>
/// <param name="Bytes">Bytes of all files.</param>
public sealed record TreeSummary(Cid Root, int Entries, long Bytes);
