using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs;

/// <summary>A file, directory or link in a DAG.</summary>
/// <param name="Path">From the root, with slashes; empty for the root itself.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Cid">Its CID.</param>
/// <param name="FileSize">Bytes of content of a file; 0 for others.</param>
/// <param name="CumulativeSize">Bytes of its blocks, repeats counted: the Tsize of a link to it.</param>
public sealed record DagEntry(string Path, DagEntryKind Kind, Cid Cid, long FileSize, long CumulativeSize);
