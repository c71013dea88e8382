using System.Text.Json.Nodes;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests.Layouts;

/// <summary>A layout of one entry over the blobs of another: every tool can address it, whatever the index says of names.</summary>
internal sealed class LayoutView : IDisposable
{
    /// <summary>The reference name of the entry.</summary>
    public const string Name = "this";

    private readonly TemporaryFolder _folder = new();

    public LayoutView(OciLayoutFolder layout, LayoutNode entry)
    {
        File.CreateSymbolicLink(_folder["blobs"], System.IO.Path.Combine(layout.Path, "blobs"));
        File.Copy(System.IO.Path.Combine(layout.Path, "oci-layout"), _folder["oci-layout"]);
        JsonNode descriptor = JsonNode.Parse(entry.Descriptor.GetRawText())!;
        descriptor["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = Name };
        File.WriteAllText(_folder["index.json"], new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(descriptor) }.ToJsonString());
    }

    public string Path => _folder.Path;

    /// <summary>How skopeo and umoci address the entry.</summary>
    public string Reference => $"{Path}:{Name}";

    public void Dispose() => _folder.Dispose();
}
