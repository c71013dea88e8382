namespace Ipdr.Server.Registry;

/// <summary>The answer to <c>tags/list</c>.</summary>
internal sealed record TagList(string Name, IReadOnlyList<string> Tags);
