using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Destinations.Engine;

/// <summary>A blob that a registry hands out while it comes from a source. Who pulls it compares it with its digest.</summary>
internal sealed class TransferBlob(BlobTransfer transfer) : RegistryBlob(transfer.Descriptor.Digest, transfer.Descriptor.Size)
{
    public override ValueTask<Stream> OpenAsync(long offset = 0, CancellationToken cancellationToken = default) => transfer.OpenUnverifiedAsync(offset, cancellationToken);
}
