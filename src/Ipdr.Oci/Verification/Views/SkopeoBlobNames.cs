using Ipdr.Oci.Digests;
using Ipdr.Oci.Layouts;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Files called by the hexadecimal digits of their digest, but for the manifest of the whole.</summary>
/// <param name="whole">The digest of the whole.</param>
internal sealed class SkopeoBlobNames(Digest whole) : IBlobNames
{
    public string OfManifest(Digest digest) => digest == whole ? SkopeoFolder.Manifest : SkopeoFolder.ManifestPathOf(digest);

    public string OfBlob(Digest digest) => SkopeoFolder.BlobPathOf(digest);
}
