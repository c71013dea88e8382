using System.Text;
using System.Text.Json.Nodes;
using Ipdr.Oci.Digests;

namespace Ipdr.Server.Tests;

/// <summary>Documents and bytes that tests push.</summary>
internal static class TestContent
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";
    public const string OciLayer = "application/vnd.oci.image.layer.v1.tar";
    public const string OciEmpty = "application/vnd.oci.empty.v1+json";

    /// <summary>Bytes that follow from a seed.</summary>
    public static byte[] Bytes(int seed, int length)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static byte[] Config(int seed) => Encoding.UTF8.GetBytes(
        $$$"""{"architecture":"amd64","os":"linux","author":"{{{seed}}}","rootfs":{"type":"layers","diff_ids":["{{{Sha256(Bytes(seed, 1000))}}}"]}}""");

    public static byte[] Manifest(DigestAlgorithm algorithm, byte[] config, params byte[][] layers) => Document(Image(algorithm, config, layers));

    /// <summary>A manifest that can still be changed.</summary>
    public static JsonObject Image(DigestAlgorithm algorithm, byte[] config, params byte[][] layers) => new()
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = OciManifest,
        ["config"] = Descriptor(OciConfig, config, algorithm),
        ["layers"] = new JsonArray([.. layers.Select(layer => Descriptor(OciLayer, layer, algorithm))]),
    };

    /// <summary>An artifact without layers of its own.</summary>
    public static JsonObject Artifact(string artifactType, JsonObject? subject) => new()
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = OciManifest,
        ["artifactType"] = artifactType,
        ["config"] = Descriptor(OciEmpty, "{}"u8.ToArray()),
        ["layers"] = new JsonArray(Descriptor(OciEmpty, "{}"u8.ToArray())),
        ["subject"] = subject,
        ["annotations"] = new JsonObject { ["org.example.kind"] = artifactType },
    };

    public static JsonObject Index(params JsonObject[] manifests) => new()
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = OciIndex,
        ["manifests"] = new JsonArray([.. manifests]),
    };

    public static JsonObject Descriptor(string mediaType, byte[] content, DigestAlgorithm algorithm = DigestAlgorithm.Sha256) => new()
    {
        ["mediaType"] = mediaType,
        ["digest"] = Digest.OfContent(algorithm, content).ToString(),
        ["size"] = content.Length,
    };

    public static byte[] Document(JsonObject document) => Encoding.UTF8.GetBytes(document.ToJsonString());

    /// <summary>Writes an OCI layout with one image.</summary>
    public static async Task WriteLayoutAsync(string folder, string name, byte[] manifest, params byte[][] blobs)
    {
        string contents = Path.Combine(folder, "blobs", "sha256");
        Directory.CreateDirectory(contents);
        foreach (byte[] blob in blobs.Append(manifest))
            await File.WriteAllBytesAsync(Path.Combine(contents, Sha256(blob)["sha256:".Length..]), blob);
        JsonObject entry = Descriptor(OciManifest, manifest);
        entry["annotations"] = new JsonObject { ["io.containerd.image.name"] = name };
        await File.WriteAllBytesAsync(Path.Combine(folder, "index.json"), Document(Index(entry)));
        await File.WriteAllTextAsync(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
    }

    public static string Sha256(byte[] content) => Digest.OfContent(DigestAlgorithm.Sha256, content).ToString();
}
