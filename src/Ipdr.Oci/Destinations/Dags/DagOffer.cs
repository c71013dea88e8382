using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Destinations.Dags;

/// <summary>A DAG that is handed over.</summary>
/// <param name="Root">Its root.</param>
/// <param name="Title">What people call it; null for nothing.</param>
/// <param name="Files">Its files that have more than one block, each once.</param>
/// <param name="Bytes">Bytes of all its files, each counted once.</param>
public sealed record DagOffer(Cid Root, string? Title, IReadOnlyList<Cid> Files, long Bytes);
