namespace Ipdr.Server.Registry;

/// <summary>The answer to <c>_catalog</c>.</summary>
internal sealed record RepositoryList(IReadOnlyList<string> Repositories);
