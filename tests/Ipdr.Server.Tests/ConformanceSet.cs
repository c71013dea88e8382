using System.Text;
using System.Text.Json.Nodes;
using Ipdr.Oci.Digests;

namespace Ipdr.Server.Tests;

/// <summary>Content of one kind, as the conformance suite of the distribution spec makes it: pushed, looked at from all sides, deleted again.</summary>
internal sealed class ConformanceSet(DigestAlgorithm algorithm = DigestAlgorithm.Sha256)
{
    public const string ExampleType = "application/vnd.example.oci.conformance.v1";

    private const string GzipLayer = "application/vnd.oci.image.layer.v1.tar+gzip";

    private int _seed;

    /// <summary>Everything that is pushed as a blob.</summary>
    public Dictionary<string, byte[]> Blobs { get; } = [];

    /// <summary>Manifests and indexes in the order in which they are pushed.</summary>
    public List<(string Digest, byte[] Content, string Type)> Manifests { get; } = [];

    /// <summary>What each tag names.</summary>
    public Dictionary<string, string> Tags { get; } = [];

    /// <summary>What the answers for each subject must have.</summary>
    public Dictionary<string, List<JsonObject>> Referrers { get; } = [];

    /// <summary>Members that are added to every document.</summary>
    public bool HasExtraFields { get; init; }

    /// <summary>Descriptors carry their content.</summary>
    public bool HasData { get; init; }

    public JsonObject Layer(string type = GzipLayer) => Blob(TestContent.Bytes(++_seed, 700), type);

    public JsonObject Blob(byte[] content, string type)
    {
        JsonObject descriptor = TestContent.Descriptor(type, content, algorithm);
        Blobs[descriptor["digest"]!.ToString()] = content;
        if (HasData)
            descriptor["data"] = Convert.ToBase64String(content);
        return descriptor;
    }

    public JsonObject Config(string architecture, int layers)
    {
        JsonObject config = new()
        {
            ["author"] = "conformance",
            ["architecture"] = architecture,
            ["os"] = "linux",
            // DiffIds are what the pusher says they are.
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. Enumerable.Range(0, layers).Select(_ => JsonValue.Create(TestContent.Sha256([])))]) },
        };
        return Blob(Document(config), TestContent.OciConfig);
    }

    /// <summary>An image with some layers.</summary>
    public JsonObject Image(string? tag = null, JsonObject? subject = null, string architecture = "amd64", int layers = 2, JsonObject? annotations = null) =>
        Manifest([.. Enumerable.Range(0, layers).Select(_ => Layer())], Config(architecture, layers), null, tag, subject, annotations);

    /// <summary>An artifact: an empty config and content of a type of its own.</summary>
    public JsonObject Artifact(string? artifactType = ExampleType, string? tag = null, JsonObject? subject = null, JsonObject? layer = null) => Manifest(
        [layer ?? Layer(ExampleType)], Blob("{}"u8.ToArray(), TestContent.OciEmpty), artifactType, tag, subject, new JsonObject { ["org.example.conformance"] = $"hello {++_seed}" });

    public JsonObject Manifest(JsonObject[] layers, JsonObject config, string? artifactType, string? tag, JsonObject? subject, JsonObject? annotations)
    {
        JsonObject manifest = new() { ["schemaVersion"] = 2, ["mediaType"] = TestContent.OciManifest };
        if (artifactType is not null)
            manifest["artifactType"] = artifactType;
        manifest["config"] = config;
        manifest["layers"] = new JsonArray([.. layers.Select(layer => layer.DeepClone())]);
        return Add(manifest, artifactType ?? config["mediaType"]!.ToString(), tag, subject, annotations);
    }

    public JsonObject Index(JsonObject[] manifests, string? tag = null, string? artifactType = null, JsonObject? subject = null, JsonObject? annotations = null)
    {
        JsonObject index = new() { ["schemaVersion"] = 2, ["mediaType"] = TestContent.OciIndex };
        if (artifactType is not null)
            index["artifactType"] = artifactType;
        index["manifests"] = new JsonArray([.. manifests.Select(manifest => manifest.DeepClone())]);
        return Add(index, artifactType, tag, subject, annotations);
    }

    /// <summary>An index over images for two platforms.</summary>
    public JsonObject Platforms(string? tag = null) => Index(
        [.. ((string[])["amd64", "arm64"]).Select(architecture =>
        {
            JsonObject image = Image(architecture: architecture);
            image["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = architecture };
            return image;
        })],
        tag);

    private JsonObject Add(JsonObject document, string? artifactType, string? tag, JsonObject? subject, JsonObject? annotations)
    {
        if (subject is not null)
            document["subject"] = subject.DeepClone();
        if (annotations is not null)
            document["annotations"] = annotations;
        byte[] content = Document(document);
        string type = document["mediaType"]!.ToString();
        JsonObject descriptor = TestContent.Descriptor(type, content, algorithm);
        string digest = descriptor["digest"]!.ToString();
        Manifests.Add((digest, content, type));
        if (tag is not null)
            Tags[tag] = digest;
        if (subject is not null)
        {
            JsonObject referrer = (JsonObject)descriptor.DeepClone();
            referrer["artifactType"] = artifactType;
            referrer["annotations"] = annotations?.DeepClone();
            (Referrers.TryGetValue(subject["digest"]!.ToString(), out List<JsonObject>? known) ? known : Referrers[subject["digest"]!.ToString()] = []).Add(referrer);
        }
        if (HasData)
            descriptor["data"] = Convert.ToBase64String(content);
        return descriptor;
    }

    private byte[] Document(JsonObject document)
    {
        if (HasExtraFields)
            document["org.example.extra"] = $"value {++_seed}";
        return Encoding.UTF8.GetBytes(document.ToJsonString());
    }
}
