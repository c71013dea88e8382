using System.Text.Json;

namespace Ipdr.Interop.Tests.Layouts;

/// <summary>A descriptor met in a layout, and what the document it names leads to.</summary>
/// <remarks>Read here with nothing of ipdr, so that ipdr cannot be right about itself.</remarks>
internal sealed record LayoutNode(string MediaType, string Digest, long Size, string? RefName, JsonElement Descriptor)
{
    public required bool Present { get; init; }

    public LayoutNode? Config { get; init; }

    public IReadOnlyList<LayoutNode> Layers { get; init; } = [];

    public IReadOnlyList<LayoutNode> Children { get; init; } = [];

    /// <summary>The digest of the config, if this is the manifest of an image that is here.</summary>
    public string? ImageId { get; init; }

    /// <summary>The digests of the uncompressed layers that the config promises.</summary>
    public IReadOnlyList<string> DiffIds { get; init; } = [];

    public bool IsImage => ImageId is not null;

    public bool IsManifest => Config is not null;

    /// <summary>This and all below it that are manifests or indexes.</summary>
    public IEnumerable<LayoutNode> Documents => Children.SelectMany(child => child.Documents).Prepend(this);

    /// <summary>Every blob below this, and this.</summary>
    public IEnumerable<LayoutNode> Blobs => Documents.SelectMany(
        document => (IEnumerable<LayoutNode>)[document, .. document.Layers, .. document.Config is null ? [] : new[] { document.Config }]);
}
