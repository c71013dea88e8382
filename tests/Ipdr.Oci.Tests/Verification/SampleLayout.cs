using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ipdr.Oci.Tests.Tar;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>The files of a layout or archive by name, composed without any code of the library.</summary>
internal sealed class SampleLayout
{
    public const string IndexType = "application/vnd.oci.image.index.v1+json";

    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>An OCI layout of some images.</summary>
    /// <param name="images">The images; one sound one when there are none.</param>
    /// <param name="changeIndex">Changes index.json.</param>
    public static SampleLayout Oci(SampleImage[]? images = null, Action<SampleLayout, JsonObject>? changeIndex = null)
    {
        SampleLayout layout = new();
        layout.Add("oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
        JsonObject index = Index([.. (images ?? [new SampleImage()]).Select(image => image.AddTo(layout))]);
        changeIndex?.Invoke(layout, index);
        layout.Add("index.json", Text(index));
        return layout;
    }

    /// <summary>The OCI layout of one image that is changed first.</summary>
    public static SampleLayout Oci(Action<SampleImage> change)
    {
        SampleImage image = new();
        change(image);
        return Oci([image]);
    }

    /// <summary>An archive as <c>docker save</c> of Docker 1.10 to 24 writes it.</summary>
    public static SampleLayout Docker(Action<SampleImage>? change = null, Action<JsonObject>? changeEntry = null)
    {
        SampleImage image = new();
        change?.Invoke(image);
        SampleLayout layout = new();
        string config = image.RewriteConfig(Text(image.Config())), name = Hex(Encoding.UTF8.GetBytes(config)) + ".json";
        layout.Add(name, config);
        JsonArray layers = [];
        for (int i = 0; i < image.Layers.Count; i++)
        {
            layout.Files[$"layer{i}/layer.tar"] = image.Layers[i].Plain;
            layers.Add($"layer{i}/layer.tar");
        }
        JsonObject entry = new() { ["Config"] = name, ["RepoTags"] = new JsonArray("sample:1.0"), ["Layers"] = layers };
        changeEntry?.Invoke(entry);
        layout.Add("manifest.json", Text(new JsonArray(entry)));
        return layout;
    }

    /// <summary>A layout that is described by <c>manifest.json</c> as well.</summary>
    public static SampleLayout Hybrid(Action<JsonObject>? changeEntry = null)
    {
        SampleLayout layout = Oci(image => image.ChangeEntry = entry => entry["annotations"]!["io.containerd.image.name"] = "docker.io/library/sample:1.0");
        JsonNode manifest = layout.Manifest;
        JsonObject entry = new()
        {
            ["Config"] = PathOf(manifest["config"]!),
            ["RepoTags"] = new JsonArray("sample:1.0"),
            ["Layers"] = new JsonArray([.. manifest["layers"]!.AsArray().Select(layer => (JsonNode)PathOf(layer!))]),
        };
        changeEntry?.Invoke(entry);
        layout.Add("manifest.json", Text(new JsonArray(entry)));
        return layout;
    }

    /// <summary>A repository of a registry layout under some folder, or beside an OCI layout.</summary>
    public static SampleLayout Registry(string prefix = "sample/", SampleLayout? beside = null)
    {
        SampleLayout oci = beside ?? Oci(), layout = beside ?? new SampleLayout();
        string manifest = oci.ManifestPath;
        foreach ((string path, byte[] bytes) in oci.Files.Where(file => file.Key.StartsWith("blobs/sha256/", StringComparison.Ordinal)).ToArray())
            layout.Files[$"{prefix}{(path == manifest ? "manifests" : "blobs")}/{DigestOf(bytes)}"] = bytes;
        layout.Files[$"{prefix}manifests/1.0"] = layout.Files[$"{prefix}manifests/latest"] = oci.Files[manifest];
        return layout;
    }

    /// <summary>The path of the first manifest of index.json.</summary>
    public string ManifestPath => PathOf(JsonNode.Parse(Files["index.json"])!["manifests"]![0]!);

    public JsonNode Manifest => JsonNode.Parse(Files[ManifestPath])!;

    public string ConfigPath => PathOf(Manifest["config"]!);

    public string LayerPath(int layer) => PathOf(Manifest["layers"]![layer]!);

    public static JsonObject Index(params JsonNode[] entries) => new() { ["schemaVersion"] = 2, ["mediaType"] = IndexType, ["manifests"] = new JsonArray(entries) };

    public SampleLayout Add(string name, string text)
    {
        Files[name] = Encoding.UTF8.GetBytes(text);
        return this;
    }

    public JsonObject AddBlob(string mediaType, string text) => AddBlob(mediaType, Encoding.UTF8.GetBytes(text));

    public JsonObject AddBlob(string mediaType, byte[] bytes)
    {
        Files["blobs/sha256/" + Hex(bytes)] = bytes;
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = DigestOf(bytes), ["size"] = bytes.Length };
    }

    /// <summary>Changes one byte in the middle of a file.</summary>
    public SampleLayout Damage(string name)
    {
        byte[] bytes = [.. Files[name]];
        bytes[bytes.Length / 2] ^= 0x20;
        Files[name] = bytes;
        return this;
    }

    public SampleLayout Remove(string name)
    {
        Assert.True(Files.Remove(name));
        return this;
    }

    /// <summary>Gives files other names.</summary>
    public SampleLayout Rename(Func<string, string> change)
    {
        KeyValuePair<string, byte[]>[] files = [.. Files];
        Files.Clear();
        foreach ((string path, byte[] bytes) in files)
            Files[change(path)] = bytes;
        return this;
    }

    public string WriteFolder(TemporaryFolder folder, string name = "layout")
    {
        string root = folder.File(name);
        Directory.CreateDirectory(root);
        foreach ((string path, byte[] bytes) in Files)
        {
            string full = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllBytes(full, bytes);
        }
        return root;
    }

    /// <summary>Writes an archive of the files.</summary>
    public string WriteArchive(TemporaryFolder folder, Action<TarBuilder>? before = null, Action<TarBuilder>? after = null, string name = "archive.tar")
    {
        TarBuilder tar = new();
        before?.Invoke(tar);
        foreach ((string path, byte[] bytes) in Files)
            tar.Header(path, size: bytes.Length).Body(bytes);
        after?.Invoke(tar);
        File.WriteAllBytes(folder.File(name), tar.End().ToArray());
        return folder.File(name);
    }

    public static string DigestOf(byte[] bytes) => "sha256:" + Hex(bytes);

    public static string PathOf(JsonNode descriptor) => "blobs/" + descriptor["digest"]!.GetValue<string>().Replace(':', '/');

    /// <summary>JSON as other tools write it, with + as itself.</summary>
    public static string Text(JsonNode node) => node.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
