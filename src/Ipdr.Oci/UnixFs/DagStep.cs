namespace Ipdr.Oci.UnixFs;

/// <summary>A block on the way through a DAG, and where the way goes on.</summary>
/// <param name="Block">The block.</param>
/// <param name="Children">The blocks that it links to, in the order of its links.</param>
internal readonly record struct DagStep(DagBlock Block, IEnumerable<DagStep> Children);
