namespace Ipdr.Oci.Archives;

/// <summary>Names that have a meaning at the root of an archive.</summary>
internal static class WellKnown
{
    public const string DockerManifest = "manifest.json";
    public const string Index = "index.json";
    public const string LayoutMarker = "oci-layout";
    public const string Repositories = "repositories";
    public const string Blobs = "blobs";

    public static bool IsDocument(string path) => path is DockerManifest or Index or LayoutMarker or Repositories;
}
