namespace Ipdr.Oci.Archives;

/// <summary>One image of a docker-archive's <c>manifest.json</c>. Names in it are pointers into the archive, not digests.</summary>
/// <param name="Config">Where the config is.</param>
internal sealed record DockerManifestEntry(string Config)
{
    public IReadOnlyList<string>? RepoTags { get; init; }

    public IReadOnlyList<string>? Layers { get; init; }
}
