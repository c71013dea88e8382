using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Archives;

/// <summary>The content of <c>oci-layout</c> (image-spec, image-layout.md).</summary>
/// <param name="ImageLayoutVersion">Must be 1.0.0.</param>
internal sealed record LayoutMarker(string ImageLayoutVersion)
{
    public const string Version = "1.0.0";

    /// <summary>Refuses the marker of a layout that is of no version known here.</summary>
    /// <exception cref="IpdrException">It is another version (<see cref="FaultCode.UnsupportedVersion"/>), or no marker at all.</exception>
    public static void Require(ReadOnlyMemory<byte> document, string where)
    {
        string version = Document.Read(document, ArchiveJson.Default.LayoutMarker, FaultCode.BadManifest, where).ImageLayoutVersion;
        if (version != Version)
        {
            throw new IpdrException(new Fault(FaultCode.UnsupportedVersion, "the layout's version is not supported", where, "Write the layout again with a current tool.")
            {
                Expected = Version,
                Actual = version,
            });
        }
    }
}
