using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Inspect;

/// <summary>What is said of each part of an image, in one line.</summary>
internal static class InspectionLabel
{
    public static string Of(InspectedImage image) => image.Names.Count == 0 ? "<none>" : string.Join(", ", image.Names);

    public static string Of(InspectedManifest manifest)
    {
        string platform = manifest.Platform is { } known ? $"  {known}" : "";
        string size = manifest.Kind == InspectedKind.Absent ? "" : $"  {ByteSize.Text(manifest.Size)}";
        return $"{manifest.Kind.ToString().ToLowerInvariant()} {manifest.Descriptor.Digest}{platform}{size}  {Short(manifest.Descriptor.MediaType)}";
    }

    public static string Of(InspectedReferrer referrer) =>
        $"referrer {referrer.Manifest.Descriptor.Digest}  {ByteSize.Text(referrer.Manifest.Size)}  {referrer.Tag?.ToString() ?? referrer.ArtifactType ?? Short(referrer.Manifest.Descriptor.MediaType)}";

    public static string OfConfig(InspectedManifest manifest) =>
        $"{(manifest.ImageId is null ? "config" : "config (image ID)")} {manifest.Config!.Digest}  {ByteSize.Text(manifest.Config.Size)}  {Short(manifest.Config.MediaType)}";

    public static string Of(InspectedLayer layer) =>
        $"{(layer.Descriptor.MediaType.IsLayer ? "layer" : "blob")} {layer.Descriptor.Digest}  {ByteSize.Text(layer.Descriptor.Size)}  {Short(layer.Descriptor.MediaType)}";

    // The part that differs says enough for people; --json has all.
    private static string Short(MediaType type) => type.ToString()
        .Replace("application/vnd.oci.image.", "oci ", StringComparison.Ordinal)
        .Replace("application/vnd.docker.distribution.", "docker ", StringComparison.Ordinal)
        .Replace("application/vnd.docker.container.image.", "docker config.", StringComparison.Ordinal)
        .Replace("application/vnd.docker.image.rootfs.", "docker ", StringComparison.Ordinal);
}
