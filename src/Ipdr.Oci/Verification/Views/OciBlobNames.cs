using Ipdr.Oci.Digests;
using Ipdr.Oci.Layouts;

namespace Ipdr.Oci.Verification.Views;

/// <summary><c>blobs/ALGORITHM/ENCODED</c> (image-spec, image-layout.md).</summary>
internal sealed class OciBlobNames : IBlobNames
{
    public string OfManifest(Digest digest) => OciLayout.PathOf(digest);

    public string OfBlob(Digest digest) => OciLayout.PathOf(digest);
}
