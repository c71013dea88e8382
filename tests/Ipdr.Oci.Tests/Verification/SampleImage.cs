using System.Text.Json.Nodes;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>A small sound image, to be changed in one way or another before its documents are written.</summary>
internal sealed class SampleImage
{
    public List<SampleLayer> Layers { get; } =
    [
        SampleLayer.Of(tar => tar.Header("etc/", '5').File("etc/a", "one").Header("usr/bin/", '5').File("usr/bin/tool", "#!/bin/sh\n").Header("usr/bin/sh", '2', link: "tool").Header("usr/bin/hard", '1', link: "usr/bin/tool")),
        SampleLayer.Of(tar => tar.Header("etc/", '5').File("etc/.wh.a", "").File("etc/b", "two")),
    ];

    public string? Tag { get; set; } = "1.0";

    public string Architecture { get; set; } = "amd64";

    public Action<JsonObject> ChangeConfig { get; set; } = _ => { };

    public Action<JsonObject> ChangeManifest { get; set; } = _ => { };

    public Action<JsonObject> ChangeEntry { get; set; } = _ => { };

    /// <summary>Puts the bytes of a document in another form; members are changed by the others.</summary>
    public Func<string, string> RewriteConfig { get; set; } = text => text;

    public Func<string, string> RewriteManifest { get; set; } = text => text;

    public JsonObject Config()
    {
        JsonObject config = new()
        {
            ["architecture"] = Architecture,
            ["os"] = "linux",
            ["created"] = "2026-01-31T12:00:00Z",
            ["config"] = new JsonObject { ["Env"] = new JsonArray("PATH=/usr/bin"), ["Cmd"] = new JsonArray("tool") },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. Layers.Select(layer => (JsonNode)SampleLayout.DigestOf(layer.Plain))]) },
            ["history"] = new JsonArray([.. Layers.Select(_ => (JsonNode)new JsonObject { ["created_by"] = "a layer" }), new JsonObject { ["created_by"] = "ENV", ["empty_layer"] = true }]),
        };
        ChangeConfig(config);
        return config;
    }

    /// <summary>Adds the image's blobs to a layout.</summary>
    /// <returns>Its entry for an index.</returns>
    public JsonObject AddTo(SampleLayout layout)
    {
        JsonObject config = layout.AddBlob("application/vnd.oci.image.config.v1+json", RewriteConfig(SampleLayout.Text(Config())));
        JsonObject manifest = new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["config"] = config,
            ["layers"] = new JsonArray([.. Layers.Select(layer => (JsonNode)layout.AddBlob(layer.MediaType, layer.Stored))]),
        };
        ChangeManifest(manifest);
        JsonObject entry = layout.AddBlob("application/vnd.oci.image.manifest.v1+json", RewriteManifest(SampleLayout.Text(manifest)));
        entry["platform"] = new JsonObject { ["architecture"] = Architecture, ["os"] = "linux" };
        if (Tag is not null)
            entry["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = Tag };
        ChangeEntry(entry);
        return entry;
    }
}
