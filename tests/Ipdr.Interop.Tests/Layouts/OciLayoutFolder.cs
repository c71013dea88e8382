using System.Security.Cryptography;
using System.Text.Json;

namespace Ipdr.Interop.Tests.Layouts;

/// <summary>An OCI image layout on disk, read independently of ipdr.</summary>
internal sealed class OciLayoutFolder
{
    /// <summary>Documents larger than this are none: what distribution and containers/image accept.</summary>
    private const long MaxDocumentBytes = 4 << 20;

    public OciLayoutFolder(string path)
    {
        Path = path;
        using JsonDocument index = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(path, "index.json")));
        Roots = [.. index.RootElement.GetProperty("manifests").EnumerateArray().Select(entry => Read(entry.Clone(), depth: 0))];
    }

    public string Path { get; }

    /// <summary>What index.json lists, one for each distinct digest and reference name.</summary>
    public IReadOnlyList<LayoutNode> Roots { get; }

    /// <summary>Everything that index.json leads to, each digest once.</summary>
    public IReadOnlyList<LayoutNode> Blobs => [.. Roots.SelectMany(root => root.Blobs).DistinctBy(node => node.Digest)];

    public IReadOnlyList<LayoutNode> Images =>
        [.. Roots.SelectMany(root => root.Documents).Where(node => node.IsImage).DistinctBy(node => node.Digest)];

    public IReadOnlySet<string> ImageIds => Images.Select(image => image.ImageId!).ToHashSet();

    public string PathOf(string digest) => System.IO.Path.Combine([Path, "blobs", .. digest.Split(':', 2)]);

    /// <summary>The bytes of a manifest, an index or a config.</summary>
    public byte[] Document(LayoutNode node) => File.ReadAllBytes(PathOf(node.Digest));

    private LayoutNode Read(JsonElement descriptor, int depth)
    {
        Assert.True(depth < 16, "indexes lead to indexes without end");
        LayoutNode node = NodeOf(descriptor);
        if (!node.Present || !IsDocument(node, out JsonElement document))
            return node;
        if (document.TryGetProperty("manifests", out JsonElement manifests))
            return node with { Children = [.. manifests.EnumerateArray().Select(child => Read(child, depth + 1))] };
        return document.TryGetProperty("config", out JsonElement config) ? ReadManifest(node, NodeOf(config), document) : node;
    }

    private LayoutNode ReadManifest(LayoutNode node, LayoutNode config, JsonElement document)
    {
        node = node with
        {
            Config = config,
            Layers = document.TryGetProperty("layers", out JsonElement layers) ? [.. layers.EnumerateArray().Select(NodeOf)] : [],
        };
        bool isImage = config.Present && config.MediaType.Contains("image", StringComparison.Ordinal)
            && !node.Layers.Any(layer => layer.MediaType.Contains("in-toto", StringComparison.Ordinal));
        return isImage
            ? node with { ImageId = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Document(config))), DiffIds = DiffIdsOf(config) }
            : node;
    }

    private IReadOnlyList<string> DiffIdsOf(LayoutNode config)
    {
        using JsonDocument document = JsonDocument.Parse(Document(config));
        JsonElement diffIds = document.RootElement.GetProperty("rootfs").GetProperty("diff_ids");
        return diffIds.ValueKind == JsonValueKind.Null ? [] : [.. diffIds.EnumerateArray().Select(diffId => diffId.GetString()!)];
    }

    private LayoutNode NodeOf(JsonElement descriptor)
    {
        string digest = descriptor.GetProperty("digest").GetString()!;
        string? name = descriptor.TryGetProperty("annotations", out JsonElement annotations) && annotations.ValueKind == JsonValueKind.Object
            && annotations.TryGetProperty("org.opencontainers.image.ref.name", out JsonElement value) ? value.GetString() : null;
        return new LayoutNode(
            descriptor.GetProperty("mediaType").GetString()!, digest, descriptor.GetProperty("size").GetInt64(), name, descriptor.Clone())
        { Present = File.Exists(PathOf(digest)) };
    }

    private bool IsDocument(LayoutNode node, out JsonElement document)
    {
        document = default;
        if (node.Size > MaxDocumentBytes || !node.MediaType.Contains("json", StringComparison.Ordinal))
            return false;
        try
        {
            document = JsonElement.Parse(Document(node));
            return document.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
