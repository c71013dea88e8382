using Ipdr.Oci.Images;
using Ipdr.Oci.Registries.Files;

namespace Ipdr.Oci.Sources;

/// <summary>A source whose blobs are files already: who can use those need not copy them first.</summary>
internal interface ILocalBlobs
{
    /// <summary>Whether the files were made for this source and go with it: hashed as they were written, and on the disk. Then they may get another name instead of being copied.</summary>
    bool OwnsFiles { get; }

    /// <summary>The file that holds a blob with the size that its descriptor says; null if there is none.</summary>
    ValueTask<FileBlob?> FindFileAsync(Descriptor blob, CancellationToken cancellationToken);
}
