using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Sources;

/// <summary>A source whose blobs are files already: who can use those need not copy them first.</summary>
internal interface ILocalBlobs
{
    /// <summary>The file that holds a blob with the size that its descriptor says; null if there is none.</summary>
    ValueTask<FileBlob?> FindFileAsync(Descriptor blob, CancellationToken cancellationToken);
}
