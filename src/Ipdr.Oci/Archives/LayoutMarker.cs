namespace Ipdr.Oci.Archives;

/// <summary>The content of <c>oci-layout</c> (image-spec, image-layout.md).</summary>
/// <param name="ImageLayoutVersion">Must be 1.0.0.</param>
internal sealed record LayoutMarker(string ImageLayoutVersion)
{
    public const string Version = "1.0.0";
}
