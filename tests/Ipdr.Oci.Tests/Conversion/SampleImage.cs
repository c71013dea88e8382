using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Tests.Conversion;

/// <summary>A small sound image and the archives that hold it, for tests to change in one place.</summary>
/// <remarks>The members of an archive are a list of names and bodies, so that a test can leave one out, double or damage it.</remarks>
internal sealed class SampleImage
{
    private const string Marker = """{"imageLayoutVersion":"1.0.0"}""";

    private SampleImage(string architecture, IReadOnlyList<byte[]> layers)
    {
        Architecture = architecture;
        Layers = layers;
        DiffIds = [.. layers.Select(layer => Digest.OfContent(DigestAlgorithm.Sha256, layer))];
        Config = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. DiffIds.Select(id => JsonValue.Create(id.ToString()))]) },
        }.ToJsonString());
    }

    public string Architecture { get; }

    public IReadOnlyList<byte[]> Layers { get; }

    public IReadOnlyList<Digest> DiffIds { get; }

    public byte[] Config { get; }

    public Digest Id => Digest.OfContent(DigestAlgorithm.Sha256, Config);

    /// <summary>An image with a layer for each text, which is the content of its one file.</summary>
    public static async Task<SampleImage> CreateAsync(string architecture, params string[] texts) =>
        new(architecture, [.. await Task.WhenAll(texts.Select(text => TarAsync([("file", Encoding.UTF8.GetBytes(text))])))]);

    /// <summary>The members of a docker-archive, as Docker before 25 writes them.</summary>
    public List<(string Name, byte[] Body)> DockerMembers(params string[] names) =>
    [
        .. Layers.Select((layer, i) => ($"{DiffIds[i].Encoded}/layer.tar", layer)),
        ($"{Id.Encoded}.json", Config),
        ("manifest.json", Json(new JsonArray(DockerEntry(names)))),
    ];

    /// <summary>The image's entry of manifest.json.</summary>
    public JsonObject DockerEntry(params string[] names) => JsonSerializer.SerializeToNode(new
    {
        Config = $"{Id.Encoded}.json",
        RepoTags = names,
        Layers = DiffIds.Select(id => $"{id.Encoded}/layer.tar"),
    })!.AsObject();

    /// <summary>The blobs of an OCI layout with gzip layers: layers, config (its own if null), and the manifest last.</summary>
    public List<(string Name, byte[] Body)> OciBlobs(byte[]? config = null)
    {
        config ??= Config;
        byte[][] compressed = [.. Layers.Select(Gzip)];
        byte[] manifest = Json(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["config"] = Descriptor("application/vnd.oci.image.config.v1+json", config),
            ["layers"] = new JsonArray([.. compressed.Select(layer => Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer))]),
        });
        return [.. compressed.Append(config).Append(manifest).Select(blob => (BlobName(blob), blob))];
    }

    /// <summary>The descriptor of the manifest that <see cref="OciBlobs"/> ends with, for an index.</summary>
    public JsonObject ManifestDescriptor(byte[]? config = null)
    {
        JsonObject descriptor = Descriptor("application/vnd.oci.image.manifest.v1+json", OciBlobs(config)[^1].Body);
        descriptor["platform"] = new JsonObject { ["architecture"] = Architecture, ["os"] = "linux" };
        return descriptor;
    }

    /// <summary>An index document of some descriptors.</summary>
    public static byte[] Index(params JsonObject[] manifests) => Json(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = "application/vnd.oci.image.index.v1+json",
        ["manifests"] = new JsonArray([.. manifests]),
    });

    /// <summary>The members of an oci-archive: the blobs, the marker and index.json.</summary>
    public static List<(string Name, byte[] Body)> OciMembers(IEnumerable<(string, byte[])> blobs, byte[] index) =>
        [.. blobs, ("oci-layout", Encoding.UTF8.GetBytes(Marker)), ("index.json", index)];

    public static JsonObject Descriptor(string mediaType, byte[] content) => new()
    {
        ["mediaType"] = mediaType,
        ["digest"] = Digest.OfContent(DigestAlgorithm.Sha256, content).ToString(),
        ["size"] = content.Length,
    };

    public static string BlobName(byte[] content) => $"blobs/sha256/{Digest.OfContent(DigestAlgorithm.Sha256, content).Encoded}";

    public static byte[] Json(JsonNode document) => Encoding.UTF8.GetBytes(document.ToJsonString());

    public static byte[] Gzip(byte[] content)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return compressed.ToArray();
    }

    public static async Task<byte[]> TarAsync(IEnumerable<(string Name, byte[] Body)> members)
    {
        using MemoryStream archive = new();
        await using (TarWriter writer = new(archive, leaveOpen: true))
        {
            foreach ((string name, byte[] body) in members)
                await writer.WriteEntryAsync(new TarEntry { Name = name, Mode = 0x1A4 }, body, TestContext.Current.CancellationToken);
            await writer.CompleteAsync(TestContext.Current.CancellationToken);
        }
        return archive.ToArray();
    }
}
