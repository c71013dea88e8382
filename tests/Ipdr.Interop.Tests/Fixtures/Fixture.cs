namespace Ipdr.Interop.Tests.Fixtures;

/// <summary>An archive that is shipped with the tests, and what it must give.</summary>
internal sealed record Fixture(
    string File,
    string Validity,
    string Verdict,
    string? Format,
    string? OuterCompression,
    IReadOnlyList<FixtureImage>? Images,
    IReadOnlyList<FixtureNode>? Index)
{
    public string Name => System.IO.Path.GetFileName(File);

    public string Path => System.IO.Path.Combine(FixtureCatalogue.Folder, File);

    /// <summary>Image IDs of all images that are wholly in the archive.</summary>
    public IReadOnlySet<string> ImageIds => (Images ?? []).Select(image => image.ImageId)
        .Concat(Nodes.Where(node => node is { Kind: "image", Present: true, Config.Present: true }).Select(node => node.ImageId!))
        .ToHashSet();

    /// <summary>Digests that the archive names and rightly does not contain.</summary>
    public IReadOnlySet<string> AbsentDigests => Nodes
        .SelectMany(node => (IEnumerable<FixtureNode>)[node, .. node.Layers ?? [], .. node.Config is null ? [] : new[] { node.Config }])
        .Where(node => !node.Present).Select(node => node.Digest).ToHashSet();

    /// <summary>Digests of layers that the archive holds compressed.</summary>
    public IReadOnlySet<string> CompressedLayers => Nodes.SelectMany(node => node.Layers ?? [])
        .Where(layer => layer is { Present: true, Compression: not null and not "none" }).Select(layer => layer.Digest).ToHashSet();

    private IEnumerable<FixtureNode> Nodes => (Index ?? []).SelectMany(node => node.WithDescendants);

    /// <summary>Fixtures appear in test names by their file.</summary>
    public override string ToString() => Name;
}
