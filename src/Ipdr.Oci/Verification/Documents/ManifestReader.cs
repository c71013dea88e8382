using System.Globalization;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Verification.Documents;

/// <summary>Reads image manifests (image-spec, manifest.md), Docker's included.</summary>
internal static class ManifestReader
{
    private static readonly MediaType EmptyType = MediaType.Parse("application/vnd.oci.empty.v1+json");

    /// <summary>Reads a manifest.</summary>
    /// <param name="document">The document.</param>
    /// <param name="named">The type by which it was found.</param>
    public static FoundManifest? Read(StrictDocument document, MediaType named)
    {
        if (document.Root.AsObject() is not { } root)
            return null;
        CheckVersion(root);
        MediaType? type = DescriptorReader.ReadMediaType(root, required: named == MediaType.DockerManifest);
        if (type is null && named != MediaType.DockerManifest && !root.Has("mediaType"))
            document.Report(FaultCode.MissingMediaType, "/mediaType", "the manifest does not say its media type", named.ToString());
        else if (type is { } own && own != named)
            root.Member("mediaType")!.Value.Report("the document says another media type than what names it", named.ToString(), own.ToString());
        if (root.Has("manifests"))
            root.Report("the document is both a manifest and an index; tools disagree on what it means");
        _ = root.Texts("annotations");
        FoundDescriptor? config = DescriptorReader.Read(root.Require("config"));
        FoundDescriptor?[] layers = [.. (root.Require("layers")?.AsItems() ?? []).Select(layer => DescriptorReader.Read(layer))];
        string? artifactType = root.Text("artifactType");
        if (config?.MediaType == EmptyType && string.IsNullOrEmpty(artifactType))
            document.Report(document.Code, "/artifactType", "a manifest with the empty config must say what kind of artifact it is");
        return new FoundManifest(config, layers, DescriptorReader.Read(root.Member("subject")), artifactType);
    }

    public static void CheckVersion(JsonView root)
    {
        if (root.RequireNumber("schemaVersion") is { } version && version != 2)
            root.Member("schemaVersion")!.Value.Report("the schema version is not supported", "2", version.ToString(CultureInfo.InvariantCulture));
    }
}
