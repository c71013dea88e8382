namespace Ipdr.Interop.Tests.Fixtures;

/// <summary>What <c>index.json</c> of a fixture reaches: an index, a manifest, a config or a layer.</summary>
internal sealed record FixtureNode(
    string MediaType,
    string Digest,
    bool Present,
    string? Kind,
    string? ImageId,
    string? Compression,
    FixtureNode? Config,
    IReadOnlyList<FixtureNode>? Layers,
    IReadOnlyList<FixtureNode>? Children)
{
    public IEnumerable<FixtureNode> WithDescendants => (Children ?? []).SelectMany(child => child.WithDescendants).Prepend(this);
}
