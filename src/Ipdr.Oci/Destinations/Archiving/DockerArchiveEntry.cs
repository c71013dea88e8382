namespace Ipdr.Oci.Destinations.Archiving;

/// <summary>One image of <c>manifest.json</c>.</summary>
/// <param name="Config">Where its config is.</param>
/// <param name="RepoTags">Its names; null for none, as Docker writes it.</param>
/// <param name="Layers">Where its layers are, bottom first.</param>
internal sealed record DockerArchiveEntry(string Config, IReadOnlyList<string>? RepoTags, IReadOnlyList<string> Layers);
